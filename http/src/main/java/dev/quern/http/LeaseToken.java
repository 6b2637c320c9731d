package dev.quern.http;

import dev.quern.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a worker shows for the right to a job: the job, its fence, and how long its lease lasts.
/// Opaque to workers. It guards against stale workers, not against wicked ones.
record LeaseToken(long jobId, long fence, Duration length) {
  private static final Pattern TEXT =
      Pattern.compile("lse_([1-9]\\d{0,17})-([1-9]\\d{0,17})-([1-9]\\d{0,6})");

  static LeaseToken of(Lease lease, Duration length) {
    return new LeaseToken(lease.jobId(), lease.fence(), length);
  }

  /// Reads a token for a job; empty if it is not one for it.
  static Optional<LeaseToken> read(String job, String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches() && parts.group(1).equals(job)
        ? Optional.of(
            new LeaseToken(
                Long.parseLong(parts.group(1)),
                Long.parseLong(parts.group(2)),
                Duration.ofMillis(Long.parseLong(parts.group(3)))))
        : Optional.empty();
  }

  /// As workers see it.
  String text() {
    return "lse_" + jobId + "-" + fence + "-" + length.toMillis();
  }
}
