package dev.quern;

import java.time.Duration;
import java.util.Objects;

/// Thrown by a handler that cannot work now, through no fault of the job: it is called again after
/// a delay, and no attempt is spent. A job deferred for longer than [QuernConfig#deferLimit] fails.
public final class JobDeferredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration delay;

  /// Asks to be called again after `delay`. Of the reason, 2,000 characters are kept.
  public JobDeferredException(Duration delay, String reason) {
    super(Objects.requireNonNull(reason, "reason"), null, false, false);
    this.delay = Limits.delay(delay);
  }

  /// How long to wait.
  public Duration delay() {
    return delay;
  }
}
