package dev.quern.wire;

import dev.quern.Attempt;
import dev.quern.Failure;
import dev.quern.Job;
import dev.quern.LogLine;
import dev.quern.Why;
import dev.quern.json.JsonWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Jobs in JSON. The members have the names they have in SQL and Java.
public final class JobJson {
  /// The names of the members of a job.
  public static final Set<String> MEMBERS =
      Set.of(
          ("id kind state tenant priority payload requires tags dedupeKey affinityKey createdAt"
                  + " availableAt startedAt endedAt leaseUntil cancelRequestedAt attempts"
                  + " maxAttempts losses requeues fence owner progress note result failure")
              .split(" "));

  private JobJson() {}

  /// A job as one object.
  public static void write(JsonWriter json, Job job) {
    json.beginObject();
    members(new Members(json), job);
    json.endObject();
  }

  /// A job with its history, as one object.
  public static void write(JsonWriter json, Job job, List<Attempt> attempts, List<LogLine> log) {
    json.beginObject();
    members(new Members(json), job);
    json.name("history").beginArray();
    attempts.forEach(attempt -> write(json, attempt));
    json.endArray();
    json.name("log").beginArray();
    log.forEach(line -> write(json, line));
    json.endArray();
    json.endObject();
  }

  /// The members of a job, or those of them that are wanted.
  public static void members(Members members, Job job) {
    identity(members, job);
    times(members, job);
    counts(members, job);
    outcome(members, job);
  }

  private static void identity(Members members, Job job) {
    members
        .id("id", job.id())
        .text("kind", job.kind())
        .text("state", job.state().label())
        .text("tenant", job.tenant())
        .number("priority", job.priority())
        .json("payload", Optional.of(job.payload()))
        .texts("requires", job.requires())
        .texts("tags", job.tags())
        .text("dedupeKey", job.dedupeKey())
        .text("affinityKey", job.affinityKey());
  }

  private static void times(Members members, Job job) {
    members
        .time("createdAt", job.createdAt())
        .time("availableAt", job.availableAt())
        .time("startedAt", job.startedAt())
        .time("endedAt", job.endedAt())
        .time("leaseUntil", job.leaseUntil())
        .time("cancelRequestedAt", job.cancelRequestedAt());
  }

  private static void counts(Members members, Job job) {
    members
        .number("attempts", job.attempts())
        .number("maxAttempts", job.maxAttempts())
        .number("losses", job.losses())
        .number("requeues", job.requeues())
        .number("fence", job.fence())
        .text("owner", job.owner().map(String::valueOf));
  }

  private static void outcome(Members members, Job job) {
    members
        .number("progress", job.progress())
        .text("note", job.note())
        .json("result", job.result());
    failure(members, job.failure());
  }

  public static void failure(Members members, Optional<Failure> failure) {
    failure.ifPresentOrElse(
        present -> members.with("failure", json -> failure(json, present)),
        () -> members.none("failure"));
  }

  private static void failure(JsonWriter json, Failure failure) {
    json.beginObject();
    Members members = new Members(json);
    members
        .text("class", failure.failureClass().label())
        .text("code", failure.code())
        .text("message", failure.message());
    if (!failure.trace().isEmpty()) {
      members.text("trace", failure.trace());
    }
    json.endObject();
  }

  /// An attempt as one object.
  public static void write(JsonWriter json, Attempt attempt) {
    json.beginObject();
    Members members =
        new Members(json)
            .number("fence", attempt.fence())
            .number("number", attempt.number())
            .id("owner", attempt.owner())
            .time("startedAt", attempt.startedAt())
            .time("endedAt", attempt.endedAt())
            .text("outcome", attempt.outcome().label())
            .text("note", attempt.note());
    failure(members, attempt.failure());
    json.endObject();
  }

  /// A line of a log as one object.
  public static void write(JsonWriter json, LogLine line) {
    json.beginObject();
    new Members(json)
        .number("fence", line.fence())
        .number("sequence", line.sequence())
        .time("at", line.at())
        .text("text", line.text());
    json.endObject();
  }

  /// Why a job is where it is, as one object.
  public static void write(JsonWriter json, Why why) {
    json.beginObject();
    new Members(json).id("id", why.jobId()).text("state", why.state().label());
    json.name("reasons").beginArray();
    for (Why.Reason reason : why.reasons()) {
      json.beginObject();
      new Members(json).text("code", reason.code()).text("text", reason.text());
      json.endObject();
    }
    json.endArray().endObject();
  }
}
