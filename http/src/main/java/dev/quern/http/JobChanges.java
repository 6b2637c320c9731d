package dev.quern.http;

import dev.quern.CancelResult;
import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.Quern;
import dev.quern.Requeued;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Changes jobs.
final class JobChanges {
  private final Quern quern;

  JobChanges(Quern quern) {
    this.quern = quern;
  }

  List<Route> routes() {
    return List.of(
        Route.patch("/v1/jobs/{id}", this::patch),
        Route.delete("/v1/jobs/{id}", this::delete),
        Route.post("/v1/jobs/{id}:run-now", Route.Body.PERHAPS, this::runNow),
        Route.post("/v1/jobs/{id}:retry", Route.Body.PERHAPS, this::retry),
        Route.post("/v1/jobs/{id}:cancel", Route.Body.PERHAPS, this::cancel));
  }

  private Answer delete(Call call) {
    call.query().end();
    if (quern.jobs().delete(call.id())) {
      return Answer.NO_CONTENT;
    }
    Job job = quern.jobs().get(call.id()).orElseThrow(() -> Call.noJob(call.id()));
    throw Problem.of(
        Fault.INVALID_STATE,
        "job %d is %s: only ended jobs are deleted, so cancel it first"
            .formatted(job.id(), job.state().label()));
  }

  /// Changes what can be changed of a job that is not running: its priority and its time.
  private Answer patch(Call call) {
    call.query().end();
    Fields fields = call.fields();
    Optional<Integer> priority = fields.whole("priority");
    Optional<Instant> at = fields.instant("availableAt");
    fields.end();
    Job job = existing(call.id());
    Etag etag = new Etag(JobLook.shown(job).headers().get("ETag"));
    Optional<String> expected = call.header("If-Match");
    if (expected.isPresent() && !etag.in(expected)) {
      throw stale(job.id());
    }
    return change(job, priority.map(OptionalInt::of).orElse(OptionalInt.empty()), at);
  }

  private Answer runNow(Call call) {
    call.query().end();
    call.fields().end();
    Job job = existing(call.id());
    return job.state() == JobState.READY
        ? JobLook.shown(job)
        : change(job, OptionalInt.empty(), Optional.of(Instant.EPOCH));
  }

  private Answer change(Job job, OptionalInt priority, Optional<Instant> at) {
    if (job.state() == JobState.RUNNING || job.state().ended()) {
      throw Problem.of(
          Fault.INVALID_STATE, "job %d is %s".formatted(job.id(), job.state().label()));
    }
    if (!Problem.checked("/availableAt", () -> quern.jobs().change(job, priority, at))) {
      throw stale(job.id());
    }
    return now(job.id());
  }

  private static Problem stale(long id) {
    return Problem.of(Fault.STALE_VERSION, "job %d has changed: look again".formatted(id));
  }

  private Job existing(long id) {
    return quern.jobs().get(id).orElseThrow(() -> Call.noJob(id));
  }

  private Answer retry(Call call) {
    call.query().end();
    call.fields().end();
    Requeued done = quern.jobs().requeue(call.id());
    if (done.requeued() == 0) {
      quern.jobs().get(call.id()).orElseThrow(() -> Call.noJob(call.id()));
      throw Problem.of(Fault.INVALID_STATE, done.blocked().getFirst().reason());
    }
    return now(call.id());
  }

  private Answer cancel(Call call) {
    call.query().end();
    Fields fields = call.fields();
    String reason = fields.text("reason").orElse("asked for over HTTP");
    fields.end();
    CancelResult result = quern.jobs().cancel(call.id(), reason);
    return switch (result) {
      case CANCELLED -> now(call.id());
      case REQUESTED -> new Answer(202, now(call.id()).headers(), now(call.id()).content(), false);
      case ALREADY_ENDED ->
          throw Problem.of(Fault.INVALID_STATE, "job %d had ended before".formatted(call.id()));
      case NOT_FOUND -> throw Call.noJob(call.id());
    };
  }

  private Answer now(long id) {
    return JobLook.shown(existing(id));
  }
}
