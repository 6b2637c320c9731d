package dev.quern.model;

import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.JobState;
import dev.quern.KindPolicy;
import dev.quern.Outcome;
import java.time.Duration;

/// What becomes of a running job when its attempt ends.
final class ModelEnds {
  private final ModelStore store;

  ModelEnds(ModelStore store) {
    this.store = store;
  }

  void end(ModelJob job, Ending ending) {
    if (ending instanceof Ending.Done done) {
      job.stop(JobState.DONE, Outcome.DONE, null, null, store.now);
      job.result = done.result().orElse(null);
      done.followUps().forEach(store::add);
    } else if (job.cancelRequestedAt != null) {
      Failure why = ending instanceof Ending.Failed failed ? failed.failure() : null;
      job.stop(JobState.CANCELLED, Outcome.CANCELLED, null, why, store.now);
    } else {
      goOn(job, ending);
    }
  }

  private void goOn(ModelJob job, Ending ending) {
    switch (ending) {
      case Ending.Failed failed -> failed(job, failed);
      case Ending.Deferred deferred -> deferred(job, deferred);
      case Ending.HandedBack _ -> again(job, ending, Outcome.RELEASED, null);
      case Ending.Lost lost -> lost(job, lost);
      case Ending.Done _ -> throw new AssertionError();
    }
  }

  private void failed(ModelJob job, Ending.Failed failed) {
    Failure why = failed.failure();
    KindPolicy policy = store.policy(job);
    int allowed = job.draft.maxAttempts().orElse(policy.maxAttempts());
    boolean last = store.rules.last(why.failureClass(), job.attempts, allowed);
    job.stop(last ? JobState.FAILED : JobState.SCHEDULED, Outcome.FAILED, null, why, store.now);
    job.failed(why);
    if (!last) {
      long wait = store.rules.wait(policy.backoff(), job.attempts);
      job.availableAt = store.now + failed.retryAfter().map(Duration::toMillis).orElse(wait);
      job.deferredSince = null;
    }
  }

  private void deferred(ModelJob job, Ending.Deferred deferred) {
    long since = job.deferredSince == null ? store.now : job.deferredSince;
    if (store.now - since > store.scenario.deferLimit().toMillis()) {
      Failure why = tooLong(deferred);
      job.stop(JobState.FAILED, Outcome.FAILED, null, why, store.now);
      job.failed(why);
    } else {
      job.stop(JobState.SCHEDULED, Outcome.DEFERRED, deferred.reason(), null, store.now);
      job.availableAt = store.now + deferred.delay().toMillis();
      job.deferredSince = since;
      job.note = deferred.reason();
      job.attempts -= store.rules.givenBack(deferred);
    }
  }

  private Failure tooLong(Ending.Deferred deferred) {
    return new Failure(
        FailureClass.UNRECOVERABLE,
        "deferred_too_long",
        "deferred for more than %s, last because: %s"
            .formatted(store.scenario.deferLimit(), deferred.reason()));
  }

  private void again(ModelJob job, Ending ending, Outcome outcome, Failure why) {
    job.stop(JobState.READY, outcome, null, why, store.now);
    job.attempts -= store.rules.givenBack(ending);
  }

  private void lost(ModelJob job, Ending.Lost lost) {
    Failure why = new Failure(FailureClass.LOST, "lost", lost.reason());
    KindPolicy policy = store.policy(job);
    if (!policy.chargesLosses()) {
      again(job, lost, Outcome.LOST, why);
      return;
    }
    job.losses++;
    boolean last = job.losses > policy.maxLosses();
    job.stop(last ? JobState.FAILED : JobState.SCHEDULED, Outcome.LOST, null, why, store.now);
    job.attempts -= store.rules.givenBack(lost);
    job.failed(why);
    if (!last) {
      job.availableAt = store.now + store.rules.wait(policy.backoff(), job.losses);
    }
  }
}
