package dev.quern.http;

import dev.quern.CancelResult;
import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.Permission;
import dev.quern.Requeued;
import dev.quern.wire.RequeuedJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Changes jobs.
final class JobChanges {
  /// How long it may take to let all failed jobs run again.
  private static final Duration RETRYING = Duration.ofMinutes(10);

  List<Route> routes() {
    return List.of(
        Route.patch("/v1/jobs/{id}", this::patch).needing(Permission.JOBS_WRITE),
        Route.delete("/v1/jobs/{id}", this::delete).needing(Permission.JOBS_WRITE),
        Route.post("/v1/jobs:retry", Route.Body.PERHAPS, this::retryFailed)
            .needing(Permission.JOBS_WRITE),
        Route.post("/v1/jobs/{id}:run-now", Route.Body.PERHAPS, this::runNow)
            .needing(Permission.JOBS_WRITE),
        Route.post("/v1/jobs/{id}:retry", Route.Body.PERHAPS, this::retry)
            .needing(Permission.JOBS_WRITE),
        Route.post("/v1/jobs/{id}:cancel", Route.Body.PERHAPS, this::cancel)
            .needing(Permission.JOBS_WRITE));
  }

  private Answer delete(Call call) {
    call.query().end();
    if (call.view().jobs().delete(call.id())) {
      return Answer.NO_CONTENT;
    }
    Job job = call.job();
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
    Job job = call.job();
    Etag etag = new Etag(JobLook.shown(job).headers().get("ETag"));
    Optional<String> expected = call.header("If-Match");
    if (expected.isPresent() && !etag.in(expected)) {
      throw stale(job.id());
    }
    return change(call, job, priority.map(OptionalInt::of).orElse(OptionalInt.empty()), at);
  }

  private Answer runNow(Call call) {
    call.query().end();
    call.fields().end();
    Job job = call.job();
    return job.state() == JobState.READY
        ? JobLook.shown(job)
        : change(call, job, OptionalInt.empty(), Optional.of(Instant.EPOCH));
  }

  private static Answer change(Call call, Job job, OptionalInt priority, Optional<Instant> at) {
    if (job.state() == JobState.RUNNING || job.state().ended()) {
      throw Problem.of(
          Fault.INVALID_STATE, "job %d is %s".formatted(job.id(), job.state().label()));
    }
    if (!Problem.checked("/availableAt", () -> call.view().jobs().change(job, priority, at))) {
      throw stale(job.id());
    }
    return now(call);
  }

  private static Problem stale(long id) {
    return Problem.of(Fault.STALE_VERSION, "job %d has changed: look again".formatted(id));
  }

  private Answer retry(Call call) {
    call.query().end();
    call.fields().end();
    Requeued done = call.view().jobs().requeue(call.id());
    if (done.requeued() == 0) {
      call.job();
      throw Problem.of(Fault.INVALID_STATE, done.blocked().getFirst().reason());
    }
    return now(call);
  }

  /// Lets failed jobs run again, in small batches.
  private Answer retryFailed(Call call) {
    call.query().end();
    Fields fields = call.fields();
    Optional<String> kind = fields.text("kind");
    boolean recoverableOnly = fields.truth("recoverableOnly").orElse(false);
    fields.end();
    call.mayTake(RETRYING);
    Requeued done = call.view().jobs().requeueFailed(kind, recoverableOnly);
    return Answer.json(json -> RequeuedJson.write(json, done));
  }

  private Answer cancel(Call call) {
    call.query().end();
    Fields fields = call.fields();
    String reason = fields.text("reason").orElse("asked for over HTTP");
    fields.end();
    CancelResult result = call.view().jobs().cancel(call.id(), reason);
    return switch (result) {
      case CANCELLED -> now(call);
      case REQUESTED -> new Answer(202, now(call).headers(), now(call).content(), false);
      case ALREADY_ENDED ->
          throw Problem.of(Fault.INVALID_STATE, "job %d had ended before".formatted(call.id()));
      case NOT_FOUND -> throw Call.noJob(call.id());
    };
  }

  private static Answer now(Call call) {
    return JobLook.shown(call.job());
  }
}
