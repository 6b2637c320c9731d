package dev.quern.model;

import dev.quern.Backoff;
import dev.quern.FailureClass;
import dev.quern.JobState;
import dev.quern.KindPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One rule of the specification turned into a wrong one: the comparison must notice each.
enum Mutation {
  PRIORITY_IS_REVERSED(
      new Rules() {
        @Override
        Comparator<ModelJob> order() {
          return Comparator.<ModelJob>comparingInt(job -> -job.priority)
              .thenComparing(super.order());
        }
      }),
  EQUAL_JOBS_COME_NEWEST_FIRST(
      new Rules() {
        @Override
        Comparator<ModelJob> order() {
          return Comparator.<ModelJob>comparingInt(job -> job.priority)
              .thenComparingLong(job -> job.availableAt)
              .thenComparingInt(job -> -job.number);
        }
      }),
  DEFER_SPENDS_THE_ATTEMPT(
      new Rules() {
        @Override
        int givenBack(Ending ending) {
          return ending instanceof Ending.Deferred ? 0 : super.givenBack(ending);
        }
      }),
  A_LOSS_SPENDS_THE_ATTEMPT(
      new Rules() {
        @Override
        int givenBack(Ending ending) {
          return ending instanceof Ending.Lost ? 0 : super.givenBack(ending);
        }
      }),
  SUSPECTS_ARE_CLAIMED_TOGETHER(
      new Rules() {
        @Override
        boolean suspect(ModelJob job) {
          return false;
        }
      }),
  DEDUPE_IGNORES_RUNNING_JOBS(
      new Rules() {
        @Override
        boolean holdsKey(JobState state) {
          return super.holdsKey(state) && state != JobState.RUNNING;
        }
      }),
  A_STALE_LEASE_HOLDS(
      new Rules() {
        @Override
        boolean holds(ModelJob job, long fence) {
          return job.running();
        }
      }),
  A_LEASE_IS_LOST_WITHOUT_A_HEARTBEAT_MORE(
      new Rules() {
        @Override
        boolean leaseLost(ModelJob job, long now) {
          return now > job.leaseUntil;
        }
      }),
  REQUEUE_KEEPS_THE_ATTEMPTS(
      new Rules() {
        @Override
        int attemptsAfterRequeue(ModelJob job) {
          return job.attempts;
        }
      }),
  THE_OLDEST_OF_ONE_KEY_IS_REQUEUED(
      new Rules() {
        @Override
        Comparator<ModelJob> requeueOrder() {
          return super.requeueOrder().reversed();
        }
      }),
  RETENTION_FORGETS_THE_COUNTERS(
      new Rules() {
        @Override
        boolean retentionUncounts() {
          return false;
        }
      }),
  UNRECOVERABLE_FAILURES_ARE_TRIED_AGAIN(
      new Rules() {
        @Override
        boolean last(FailureClass failureClass, int spent, int allowed) {
          return spent >= allowed;
        }
      }),
  ONE_ATTEMPT_TOO_MANY(
      new Rules() {
        @Override
        boolean last(FailureClass failureClass, int spent, int allowed) {
          return super.last(failureClass, spent - 1, allowed);
        }
      }),
  BACK_OFF_DOES_NOT_DOUBLE(
      new Rules() {
        @Override
        long wait(Backoff backoff, int n) {
          return super.wait(backoff, 1);
        }
      }),
  PAUSED_KINDS_ARE_CLAIMED(
      new Rules() {
        @Override
        boolean open(ModelKind kind) {
          return !kind.policy.retired();
        }
      }),
  ONE_CAPABILITY_IS_ENOUGH(
      new Rules() {
        @Override
        boolean serves(Set<String> capabilities, List<String> requires) {
          return requires.isEmpty() || requires.stream().anyMatch(capabilities::contains);
        }
      }),
  ONE_MORE_RUNS_THAN_ALLOWED(
      new Rules() {
        @Override
        int total(KindPolicy policy) {
          return policy.totalConcurrency().map(n -> n + 1).orElse(Integer.MAX_VALUE);
        }
      }),
  THE_RATE_IS_IGNORED(
      new Rules() {
        @Override
        int leftInWindow(ModelKind kind, long now) {
          return Integer.MAX_VALUE;
        }
      }),
  AFFINITY_IS_IGNORED(
      new Rules() {
        @Override
        Optional<String> favourite(Optional<String> preferred, Optional<String> last) {
          return Optional.empty();
        }
      }),
  AN_AFFINITY_KEY_RUNS_ON_AND_ON(
      new Rules() {
        @Override
        int affinityRun(int allowed) {
          return Integer.MAX_VALUE;
        }
      }),
  CANCEL_ENDS_RUNNING_JOBS(
      new Rules() {
        @Override
        boolean cancelAsksFirst() {
          return false;
        }
      }),
  A_ROLLBACK_LEAVES_ITS_JOBS(
      new Rules() {
        @Override
        boolean rollbackUndoes() {
          return false;
        }
      });

  private final Rules rules;

  Mutation(Rules rules) {
    this.rules = rules;
  }

  Rules rules() {
    return rules;
  }
}
