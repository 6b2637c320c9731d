package dev.quern;

import java.time.Duration;
import java.util.Optional;

/// Thrown by a handler to say how its job failed.
public final class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;
  private final Duration retryAfter;

  /// A failure with the back-off of its kind.
  public JobFailedException(Failure failure) {
    this(failure, null);
  }

  private JobFailedException(Failure failure, Duration retryAfter) {
    super(failure.message(), null, false, false);
    this.failure = failure;
    this.retryAfter = retryAfter;
  }

  /// Fails the job at once: trying again cannot help.
  public static JobFailedException unrecoverable(String code, String message) {
    return new JobFailedException(new Failure(FailureClass.UNRECOVERABLE, code, message));
  }

  /// Fails this attempt; the job is tried again after its back-off.
  public static JobFailedException retry(String code, String message) {
    return new JobFailedException(new Failure(FailureClass.TRANSIENT, code, message));
  }

  /// Fails this attempt; the job is tried again after `delay`, as in a `Retry-After`.
  public static JobFailedException retryAfter(Duration delay, String code, String message) {
    Limits.delay(delay);
    return new JobFailedException(new Failure(FailureClass.TRANSIENT, code, message), delay);
  }

  /// Why.
  public Failure failure() {
    return failure;
  }

  /// When to try again, where it is not the back-off of the kind.
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
