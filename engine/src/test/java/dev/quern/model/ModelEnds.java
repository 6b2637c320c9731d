package dev.quern.model;

import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.JobState;
import dev.quern.KindPolicy;
import dev.quern.Outcome;
import java.time.Duration;

/// What becomes of a running job when its attempt ends.
final class ModelEnds {
  private final Model model;

  ModelEnds(Model model) {
    this.model = model;
  }

  void end(ModelJob job, Ending ending) {
    int before = job.attempts;
    if (ending instanceof Ending.Done done) {
      job.stop(JobState.DONE, Outcome.DONE, null, null, model.now);
      job.result = done.result().orElse(null);
      done.followUps().forEach(model::add);
    } else if (job.cancelRequestedAt != null) {
      Failure why = ending instanceof Ending.Failed failed ? failed.failure() : null;
      job.stop(JobState.CANCELLED, Outcome.CANCELLED, null, why, model.now);
    } else {
      goOn(job, ending);
      job.attempts = before - (job.state == JobState.FAILED ? spentBack(ending) : givenBack(ending));
    }
  }

  private int givenBack(Ending ending) {
    return model.rules.givenBack(ending);
  }

  /// A loss that is one too many gives its attempt back all the same; a deferral too long does not.
  private int spentBack(Ending ending) {
    return ending instanceof Ending.Lost ? givenBack(ending) : 0;
  }

  private void goOn(ModelJob job, Ending ending) {
    switch (ending) {
      case Ending.Failed failed -> failed(job, failed);
      case Ending.Deferred deferred -> deferred(job, deferred);
      case Ending.HandedBack _ -> again(job, Outcome.RELEASED, null);
      case Ending.Lost lost -> lost(job, new Failure(FailureClass.LOST, "lost", lost.reason()));
      case Ending.Done _ -> throw new AssertionError();
    }
  }

  private void failed(ModelJob job, Ending.Failed failed) {
    Failure why = failed.failure();
    KindPolicy policy = model.policy(job);
    int allowed = job.draft.maxAttempts().orElse(policy.maxAttempts());
    boolean last = model.rules.last(why.failureClass(), job.attempts, allowed);
    job.stop(last ? JobState.FAILED : JobState.SCHEDULED, Outcome.FAILED, null, why, model.now);
    job.failed(why);
    if (!last) {
      long wait = model.rules.wait(policy.backoff(), job.attempts);
      job.availableAt = model.now + failed.retryAfter().map(Duration::toMillis).orElse(wait);
      job.deferredSince = null;
    }
  }

  private void deferred(ModelJob job, Ending.Deferred deferred) {
    long since = job.deferredSince == null ? model.now : job.deferredSince;
    if (model.now - since > model.scenario.deferLimit().toMillis()) {
      Failure why = tooLong(deferred);
      job.stop(JobState.FAILED, Outcome.FAILED, null, why, model.now);
      job.failed(why);
    } else {
      job.stop(JobState.SCHEDULED, Outcome.DEFERRED, deferred.reason(), null, model.now);
      job.availableAt = model.now + deferred.delay().toMillis();
      job.deferredSince = since;
      job.note = deferred.reason();
    }
  }

  private Failure tooLong(Ending.Deferred deferred) {
    return new Failure(
        FailureClass.UNRECOVERABLE,
        "deferred_too_long",
        "deferred for more than %s, last because: %s"
            .formatted(model.scenario.deferLimit(), deferred.reason()));
  }

  private void again(ModelJob job, Outcome outcome, Failure why) {
    job.stop(JobState.READY, outcome, null, why, model.now);
  }

  private void lost(ModelJob job, Failure why) {
    KindPolicy policy = model.policy(job);
    if (!policy.chargesLosses()) {
      again(job, Outcome.LOST, why);
      return;
    }
    job.losses++;
    boolean last = job.losses > policy.maxLosses();
    job.stop(last ? JobState.FAILED : JobState.SCHEDULED, Outcome.LOST, null, why, model.now);
    job.failed(why);
    if (!last) {
      job.availableAt = model.now + model.rules.wait(policy.backoff(), job.losses);
    }
  }
}
