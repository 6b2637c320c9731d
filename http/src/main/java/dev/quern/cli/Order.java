package dev.quern.cli;

import dev.quern.NewJob;
import dev.quern.json.JsonWriter;
import dev.quern.wire.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A job that is to be enqueued, as it was asked for: so that a delay counts by the clock of
/// whoever takes it.
///
/// @param payload JSON text
record Order(
    String kind,
    String payload,
    Optional<Integer> priority,
    Optional<Duration> delay,
    Optional<Instant> at,
    Optional<String> dedupeKey,
    Optional<String> affinityKey,
    List<String> requires,
    List<String> tags,
    Optional<Integer> maxAttempts) {

  /// The same with another payload.
  Order payload(String other) {
    return new Order(
        kind, other, priority, delay, at, dedupeKey, affinityKey, requires, tags, maxAttempts);
  }

  /// The job.
  ///
  /// @throws IllegalArgumentException if it makes no sense
  NewJob job() {
    NewJob job =
        NewJob.json(kind, payload).requires(Values.array(requires)).tags(Values.array(tags));
    job = with(job, priority, NewJob::priority);
    job = with(job, delay, NewJob::delay);
    job = with(job, at, NewJob::at);
    job = with(job, dedupeKey, NewJob::dedupeKey);
    job = with(job, affinityKey, NewJob::affinityKey);
    return with(job, maxAttempts, NewJob::maxAttempts);
  }

  private interface Touch<T> {
    NewJob on(NewJob job, T value);
  }

  private static <T> NewJob with(NewJob job, Optional<T> value, Touch<T> touch) {
    return value.map(present -> touch.on(job, present)).orElse(job);
  }

  /// As a server takes it.
  void write(JsonWriter json) {
    json.beginObject();
    new Members(json)
        .text("kind", kind)
        .json("payload", Optional.of(payload))
        .number("priority", priority)
        .seconds("delaySeconds", delay)
        .time("availableAt", at)
        .text("dedupeKey", dedupeKey)
        .text("affinityKey", affinityKey)
        .texts("requires", requires)
        .texts("tags", tags)
        .number("maxAttempts", maxAttempts);
    json.endObject();
  }
}
