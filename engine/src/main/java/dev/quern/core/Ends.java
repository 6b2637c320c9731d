package dev.quern.core;

import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.KindPolicy;
import dev.quern.Outcome;
import dev.quern.Transition;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// Decides how a job goes on after an attempt that did not end well: try again, wait, fail, or be
/// cancelled because someone asked for it. Used by the thread that writes.
final class Ends {
  private final Ledger ledger;

  Ends(Ledger ledger) {
    this.ledger = ledger;
  }

  /// Ends the attempt of a running job.
  void end(Tx tx, Held job, Lane lane, Verdict verdict) throws SQLException {
    Transition transition =
        job.cancelRequested() ? cancel(tx, job, lane, verdict) : byVerdict(tx, job, lane, verdict);
    ledger.changes().moved(tx, transition, lane, job.id(), job.fence(), ledger.now());
  }

  private Transition byVerdict(Tx tx, Held job, Lane lane, Verdict verdict) throws SQLException {
    KindPolicy policy = ledger.kinds().policy(lane.kind());
    return switch (verdict) {
      case Verdict.Failed failed -> failed(tx, job, lane, policy, failed);
      case Verdict.Deferred deferred -> deferred(tx, job, lane, deferred);
      case Verdict.HandedBack _ -> handedBack(tx, job, lane, Outcome.RELEASED, Optional.empty());
      case Verdict.Lost lost -> lost(tx, job, lane, policy, lost);
      case Verdict.Done _ -> throw new IllegalArgumentException("completions are made in batches");
    };
  }

  private Transition cancel(Tx tx, Held job, Lane lane, Verdict verdict) throws SQLException {
    Optional<Failure> why =
        verdict instanceof Verdict.Failed failed ? Optional.of(failed.failure()) : Optional.empty();
    keep(tx, job, lane, Outcome.CANCELLED, why);
    EndTable.cancelRunning(tx, job, ledger.now());
    return Transition.CANCEL;
  }

  private Transition failed(Tx tx, Held job, Lane lane, KindPolicy policy, Verdict.Failed verdict)
      throws SQLException {
    Failure why = verdict.failure();
    keep(tx, job, lane, Outcome.FAILED, Optional.of(why));
    int allowed = job.maxAttempts().orElse(policy.maxAttempts());
    if (why.failureClass() == FailureClass.UNRECOVERABLE || job.attempts() >= allowed) {
      return fail(tx, job, new EndTable.Budget(job.attempts(), job.losses()), why);
    }
    Duration wait =
        verdict
            .retryAfter()
            .orElseGet(() -> policy.backoff().after(job.attempts(), ledger.random()));
    EndTable.retry(tx, job, why, later(wait));
    return Transition.RETRY;
  }

  private Transition fail(Tx tx, Held job, EndTable.Budget spent, Failure why) throws SQLException {
    EndTable.fail(tx, job, spent, why, ledger.now());
    return Transition.FAIL;
  }

  private Transition deferred(Tx tx, Held job, Lane lane, Verdict.Deferred verdict)
      throws SQLException {
    long since = job.deferredSince().orElse(ledger.now());
    Duration limit = ledger.config().deferLimit();
    if (ledger.now() - since > limit.toMillis()) {
      Failure why =
          new Failure(
              FailureClass.UNRECOVERABLE,
              "deferred_too_long",
              "deferred for more than " + limit + ", last because: " + verdict.reason());
      keep(tx, job, lane, Outcome.FAILED, Optional.of(why));
      return fail(tx, job, new EndTable.Budget(job.attempts(), job.losses()), why);
    }
    keep(tx, job, lane, Outcome.DEFERRED, Optional.empty(), verdict.reason());
    EndTable.defer(tx, job, later(verdict.delay()), since, verdict.reason());
    return Transition.DEFER;
  }

  private Transition handedBack(Tx tx, Held job, Lane lane, Outcome outcome, Optional<Failure> why)
      throws SQLException {
    keep(tx, job, lane, outcome, why);
    EndTable.handBack(tx, job);
    ledger.lanes().withWork().add(lane);
    return Transition.HAND_BACK;
  }

  private Transition lost(Tx tx, Held job, Lane lane, KindPolicy policy, Verdict.Lost verdict)
      throws SQLException {
    Failure why = new Failure(FailureClass.LOST, "lost", verdict.reason());
    if (!policy.chargesLosses()) {
      return handedBack(tx, job, lane, Outcome.LOST, Optional.of(why));
    }
    keep(tx, job, lane, Outcome.LOST, Optional.of(why));
    EndTable.Budget spent = new EndTable.Budget(job.attempts() - 1, job.losses() + 1);
    if (spent.losses() > policy.maxLosses()) {
      return fail(tx, job, spent, why);
    }
    Duration wait = policy.backoff().after(spent.losses(), ledger.random());
    EndTable.reclaim(tx, job, spent, why, later(wait));
    return Transition.RECLAIM;
  }

  private void keep(Tx tx, Held job, Lane lane, Outcome outcome, Optional<Failure> why)
      throws SQLException {
    keep(tx, job, lane, outcome, why, null);
  }

  private void keep(Tx tx, Held job, Lane lane, Outcome outcome, Optional<Failure> why, String note)
      throws SQLException {
    AttemptTable.insert(tx, job, outcome, ledger.now(), why, note);
    ledger.changes().stopwatch().ran(lane.kind(), outcome, ledger.now() - job.startedAt());
  }

  private long later(Duration wait) {
    long at = ledger.now() + wait.toMillis();
    ledger.scheduled(at);
    return at;
  }
}
