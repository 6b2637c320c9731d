package dev.quern.http;

import dev.quern.Enqueued;
import dev.quern.Job;
import dev.quern.NewJob;
import dev.quern.Permission;
import dev.quern.json.JsonWriter;
import dev.quern.wire.JobJson;
import dev.quern.wire.Members;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Adds jobs.
final class JobRoutes {
  /// The most jobs in one batch.
  private static final int BATCH_LIMIT = 1_000;

  List<Route> routes() {
    return List.of(
        Route.post("/v1/jobs", Route.Body.JSON, this::enqueue).needing(Permission.JOBS_WRITE),
        Route.post("/v1/jobs:batch", Route.Body.JSON, this::batch).needing(Permission.JOBS_WRITE),
        Route.post("/v1/jobs:stream", Route.Body.LINES, this::stream)
            .needing(Permission.JOBS_WRITE),
        Route.post("/v1/jobs/{id}:clone", Route.Body.PERHAPS, this::copy)
            .needing(Permission.JOBS_WRITE));
  }

  // ---- new jobs

  private Answer enqueue(Call call) {
    Duration patience = call.patience();
    call.query().end();
    return enqueue(call, JobInput.read(call.view(), call.fields()), patience);
  }

  /// Enqueues a job and, if the client wants to, waits for its end.
  private Answer enqueue(Call call, NewJob job, Duration patience) {
    Waiting waiting = new Waiting(call, patience);
    Retried retried = Retried.enqueue(call, "/payload", List.of(job));
    Enqueued enqueued = retried.jobs().getFirst();
    Optional<Job> ended = patience.isZero() ? Optional.empty() : waiting.forEndOf(enqueued.id());
    int status = enqueued.isNew() ? 201 : 200;
    Answer answer =
        ended
            .map(end -> Answer.json(status, json -> JobJson.write(json, end)))
            .orElseGet(() ->
                Answer.json(
                    patience.isZero() ? status : 202,
                    json -> write(json.beginObject(), enqueued).endObject()));
    answer = retried.mark(answer.with("Location", "/v1/jobs/" + enqueued.id()));
    return patience.isZero()
        ? answer
        : answer.with("Preference-Applied", "wait=" + patience.toSeconds());
  }

  static JsonWriter write(JsonWriter json, Enqueued enqueued) {
    return new Members(json).id("id", enqueued.id()).truth("isNew", enqueued.isNew()).json();
  }

  private Answer copy(Call call) {
    Job old = call.job();
    Duration patience = call.patience();
    call.query().end();
    return enqueue(call, JobInput.copy(call.view(), old, call.fields()), patience);
  }

  // ---- many

  private Answer batch(Call call) {
    call.query().end();
    Fields fields = call.fields();
    boolean atomic = fields.truth("atomic").orElse(true);
    List<Fields> jobs = fields.required("jobs", fields.objects("jobs"));
    fields.end();
    if (jobs.size() > BATCH_LIMIT) {
      throw Problem.at(
          "/jobs", "%,d jobs: at most %,d are allowed".formatted(jobs.size(), BATCH_LIMIT));
    }
    return atomic ? together(call, jobs) : each(call, jobs);
  }

  private static Answer together(Call call, List<Fields> jobs) {
    List<NewJob> read = jobs.stream().map(fields -> JobInput.read(call.view(), fields)).toList();
    Retried retried = Retried.enqueue(call, "/jobs", read);
    return retried.mark(batch(retried.jobs().stream().map(Intake::of).toList()));
  }

  private static Answer each(Call call, List<Fields> jobs) {
    if (call.header("Idempotency-Key").isPresent()) {
      throw Problem.at("Idempotency-Key", "this is for atomic batches alone");
    }
    IntakeBatch batch = new IntakeBatch(call.view());
    for (Fields fields : jobs) {
      batch.add(() -> JobInput.read(call.view(), fields));
    }
    return batch(batch.flush());
  }

  private static Answer batch(List<Intake> answers) {
    return Answer.json(json -> {
      json.beginObject().name("jobs").beginArray();
      answers.forEach(intake -> intake.write(json));
      json.endArray().endObject();
    });
  }

  private Answer stream(Call call) {
    call.query().end();
    Lines lines = call.incoming().lines(call.config().bodyLimit());
    boolean minimal = call.prefers("return=minimal");
    return Answer.stream(
        "application/x-ndjson",
        out -> new JobStream(call.view(), lines, out, call.config(), minimal).run());
  }
}
