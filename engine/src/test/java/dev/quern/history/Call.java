package dev.quern.history;

import dev.quern.CancelResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A call that a thread made, from its begin to its answer.
///
/// @param begun its place among all begins and answers
/// @param answered the same for its answer
/// @param what what was asked and answered
record Call(long begun, long answered, What what) {
  static final long NEVER = Long.MAX_VALUE;

  /// What was asked and answered.
  sealed interface What {}

  /// New jobs: for each its id and whether it was added.
  record Enqueue(List<Long> ids, List<Boolean> added) implements What {}

  record Cancel(long job, String reason, CancelResult result) implements What {}

  /// Only one thread asks this of a job.
  record Requeue(long job, boolean requeued) implements What {}

  record Delete(long job, boolean deleted) implements What {}

  /// A claim, by hand or by a handler.
  record Claim(long job, long fence) implements What {}

  /// An end that its holder asked for.
  ///
  /// @param states what may come of it; a cancelled job ends otherwise
  record End(long job, long fence, List<String> states, boolean held) implements What {}

  /// A job as it was read; empty if there was none.
  record Get(long job, Optional<Seen> seen) implements What {}

  /// How many jobs there were of each kind and state.
  record Count(Map<String, Map<String, Long>> jobs) implements What {}

  /// All jobs of a kind.
  record ListKind(String kind, List<Seen> seen) implements What {}

  /// What was read of a job.
  record Seen(long job, String state, long fence, int requeues) {}
}
