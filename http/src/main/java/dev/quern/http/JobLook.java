package dev.quern.http;

import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.Jobs;
import dev.quern.Page;
import dev.quern.Permission;
import dev.quern.json.JsonWriter;
import dev.quern.wire.FilterText;
import dev.quern.wire.JobJson;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Looks at jobs.
final class JobLook {
  List<Route> routes() {
    return List.of(
        Route.get("/v1/jobs", this::list).needing(Permission.JOBS_READ),
        Route.get("/v1/jobs/{id}", this::get).needing(Permission.JOBS_READ),
        Route.get("/v1/jobs/{id}/result", this::result).needing(Permission.JOBS_READ),
        Route.get("/v1/jobs/{id}/why", this::why).needing(Permission.JOBS_READ),
        Route.get(
                "/v1/jobs/{id}/attempts",
                call ->
                    Answer.list(call.view().jobs().attempts(existing(call).id()), JobJson::write))
            .needing(Permission.JOBS_READ),
        Route.get(
                "/v1/jobs/{id}/logs",
                call -> Answer.list(call.view().jobs().log(existing(call).id()), JobJson::write))
            .needing(Permission.JOBS_READ));
  }

  private Job existing(Call call) {
    call.query().end();
    return call.job();
  }

  // ---- one

  /// One job, now, or as soon as it is not any more what the client knows.
  private Answer get(Call call) {
    Waiting waiting = new Waiting(call, call.patience());
    JobShape shape = JobShape.of(call.query()).including(call.query());
    call.query().end();
    Optional<String> known = call.header("If-None-Match");
    while (true) {
      Job job = call.job();
      Answer answer = shown(job, shape, call.view().jobs());
      Etag etag = new Etag(answer.headers().get("ETag"));
      if (!etag.in(known)) {
        return answer;
      }
      if (waiting.over()) {
        return new Answer(304, answer.headers(), new Answer.Nothing(), false);
      }
      waiting.forChangeOf(job);
    }
  }

  /// A job and its version.
  static Answer shown(Job job) {
    String text = text(json -> JobJson.write(json, job));
    return Answer.text(200, "application/json", text + "\n").with("ETag", Etag.of(text).value());
  }

  /// What is wanted of a job, and the version of the whole job, so that it is good for a change;
  /// with what is included, of that too.
  private static Answer shown(Job job, JobShape shape, Jobs jobs) {
    Optional<String> included = shape.included(job, jobs);
    String shown = text(json -> shape.write(json, job, included));
    String all = text(json -> JobJson.write(json, job)) + included.orElse("");
    return Answer.text(200, "application/json", shown + "\n").with("ETag", Etag.of(all).value());
  }

  private static String text(Consumer<JsonWriter> value) {
    StringBuilder text = new StringBuilder();
    value.accept(new JsonWriter(text));
    return text.toString();
  }

  /// The result of a job, as it is.
  private Answer result(Call call) {
    Waiting waiting = new Waiting(call, call.patience());
    Job job = existing(call);
    Job ended = job.state().ended() ? job : waiting.forEndOf(job.id()).orElse(job);
    if (ended.state() != JobState.DONE) {
      throw Problem.of(
          Fault.INVALID_STATE, "job %d is %s".formatted(job.id(), ended.state().label()));
    }
    return Answer.text(200, "application/json", ended.result().orElse("null") + "\n");
  }

  private Answer why(Call call) {
    call.query().end();
    return call.view()
        .jobs()
        .why(call.id())
        .map(why -> Answer.json(json -> JobJson.write(json, why)))
        .orElseThrow(() -> Call.noJob(call.id()));
  }

  // ---- many

  private Answer list(Call call) {
    JobFilter filter = filter(call.query());
    JobShape shape = JobShape.of(call.query());
    call.query().end();
    Page page = Problem.checked("cursor", () -> call.view().jobs().list(filter));
    Answer answer =
        Answer.json(json -> {
          json.beginObject().name("data").beginArray();
          page.jobs().forEach(job -> shape.write(json, job, Optional.empty()));
          json.endArray().name("nextCursor");
          page.next().ifPresentOrElse(json::value, json::nullValue);
          json.name("hasMore").value(page.next().isPresent()).endObject();
        });
    return page.next().map(next -> answer.with("Link", link(call.query(), next))).orElse(answer);
  }

  private static JobFilter filter(Query query) {
    Optional<JobFilter> asked =
        query.text("q").map(text -> Problem.checked("q", () -> FilterText.read(text)));
    JobFilter filter = asked.orElseGet(() -> plain(query));
    filter = with(filter, "limit", query.whole("limit"), JobFilter::limit);
    return with(filter, "cursor", query.text("cursor"), JobFilter::after);
  }

  private static JobFilter plain(Query query) {
    JobFilter filter = JobFilter.ALL;
    filter = with(filter, "state", query.text("state").map(JobLook::state), JobFilter::state);
    filter = with(filter, "kind", query.text("kind"), JobFilter::kind);
    filter = with(filter, "tag", query.text("tag"), JobFilter::tag);
    return with(filter, "error", query.text("error"), JobFilter::errorText);
  }

  private static JobState state(String label) {
    return Problem.checked("state", () -> JobState.of(label));
  }

  private interface Touch<T> {
    JobFilter on(JobFilter filter, T value);
  }

  private static <T> JobFilter with(
      JobFilter filter, String name, Optional<T> value, Touch<T> touch) {
    return value.isEmpty() ? filter : Problem.checked(name, () -> touch.on(filter, value.get()));
  }

  private static String link(Query query, String next) {
    return "</v1/jobs?%s>; rel=\"next\"".formatted(query.with("cursor", next));
  }
}
