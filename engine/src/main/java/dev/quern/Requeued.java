package dev.quern;

import java.util.List;

/// What a requeue did.
///
/// @param requeued how many jobs are ready again
/// @param blocked those that are not, and why; the first 100
/// @param blockedCount how many are not
/// @param unrecoverable how many failed jobs were not asked for, since their last failure was
///   [FailureClass#UNRECOVERABLE]; 0 where those were asked for too
public record Requeued(
    long requeued, List<Blocked> blocked, long blockedCount, long unrecoverable) {

  /// A job that was not requeued.
  ///
  /// @param id the job
  /// @param reason such as `a live job, 17, has its dedupe key`
  public record Blocked(long id, String reason) {}
}
