package dev.quern;

import java.util.List;

/// Why a job is where it is.
///
/// @param jobId the job
/// @param state where it stands
/// @param reasons what keeps it from running now, the strongest first; for a running or ended job,
///   how it came there
public record Why(long jobId, JobState state, List<Reason> reasons) {

  /// One reason.
  ///
  /// @param code for programs: `not_due`, `backing_off`, `deferred`, `waits`, `paused`, `retired`,
  ///   `limit`, `rate`, `suspect`, `behind`, `no_worker`, `next`, `running`, `cancel_requested`,
  ///   `ended`
  /// @param text for people, a sentence without a full stop
  public record Reason(String code, String text) {}
}
