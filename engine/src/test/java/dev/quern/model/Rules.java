package dev.quern.model;

import dev.quern.Backoff;
import dev.quern.FailureClass;
import dev.quern.JobState;
import dev.quern.KindPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The decisions of the specification, one each, so that a test can make one of them wrongly.
class Rules {
  private static final Comparator<ModelJob> ORDER =
      Comparator.<ModelJob>comparingInt(job -> job.priority)
          .thenComparingLong(job -> job.availableAt)
          .thenComparingInt(job -> job.number);

  /// What is worked on first.
  Comparator<ModelJob> order() {
    return ORDER;
  }

  /// Whether a job in this state keeps others with its dedupe key out.
  boolean holdsKey(JobState state) {
    return state.live();
  }

  /// Whether a claim still has its job.
  boolean holds(ModelJob job, long fence) {
    return job.running() && job.fence == fence;
  }

  /// The attempts that an ending gives back.
  int givenBack(Ending ending) {
    return switch (ending) {
      case Ending.Deferred _, Ending.HandedBack _, Ending.Lost _ -> 1;
      case Ending.Done _, Ending.Failed _ -> 0;
    };
  }

  int attemptsAfterRequeue(ModelJob job) {
    return 0;
  }

  /// Whether a failure is the last one, with so many attempts spent and allowed.
  boolean last(FailureClass failureClass, int spent, int allowed) {
    return failureClass == FailureClass.UNRECOVERABLE || spent >= allowed;
  }

  /// Whether a job may be what its workers died of.
  boolean suspect(ModelJob job) {
    return job.losses >= 2;
  }

  /// The wait after the n-th failure or loss, in milliseconds.
  long wait(Backoff backoff, int n) {
    long wait = backoff.base().toMillis();
    for (int i = 1; i < n && wait < backoff.cap().toMillis(); i++) {
      wait *= 2;
    }
    return Math.min(wait, backoff.cap().toMillis());
  }

  /// Whether jobs of a kind may start.
  boolean open(ModelKind kind) {
    return kind.pausedAt.isEmpty() && !kind.policy.retired();
  }

  boolean serves(Set<String> capabilities, List<String> requires) {
    return capabilities.containsAll(requires);
  }

  /// How many jobs of a kind may run in all; cancelled ones run until they end.
  int total(KindPolicy policy) {
    return policy.totalConcurrency().orElse(Integer.MAX_VALUE);
  }

  /// How many more jobs of a kind may start before its window closes.
  int leftInWindow(ModelKind kind, long now) {
    return kind.leftInWindow(now);
  }

  /// How many jobs of one affinity key run in a row.
  int affinityRun(int allowed) {
    return allowed;
  }

  /// The affinity key that comes first among equals.
  Optional<String> favourite(Optional<String> preferred, Optional<String> last) {
    return preferred.or(() -> last);
  }

  /// When the lease of a live owner counts as lost.
  boolean leaseLost(ModelJob job, long now) {
    return now > job.leaseUntil + Scenario.HEARTBEAT.toMillis();
  }

  /// Whether a running job goes on until its worker has been told to stop.
  boolean cancelAsksFirst() {
    return true;
  }

  /// Whether jobs that retention deletes leave the counts.
  boolean retentionUncounts() {
    return true;
  }

  /// Whether a rolled back transaction leaves no jobs.
  boolean rollbackUndoes() {
    return true;
  }

  /// Which of several failed jobs with one key is requeued: the last to fail.
  Comparator<ModelJob> requeueOrder() {
    return Comparator.<ModelJob>comparingLong(job -> job.endedAt)
        .thenComparingInt(job -> job.number)
        .reversed();
  }
}
