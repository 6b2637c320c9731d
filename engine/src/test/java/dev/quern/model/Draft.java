package dev.quern.model;

import dev.quern.NewJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/// A job to be added, with everything that can be said of it.
record Draft(
    String kind,
    String payload,
    Optional<Integer> priority,
    Duration delay,
    Optional<Instant> at,
    Optional<String> dedupeKey,
    Optional<String> affinityKey,
    List<String> requires,
    Optional<Integer> maxAttempts,
    List<String> tags) {

  /// What no engine accepts as a payload.
  static final String BAD_PAYLOAD = "{\"open\":";

  /// A job of which only kind, payload and dedupe key are said.
  static Draft plain(String kind, String payload, Optional<String> dedupeKey) {
    return new Draft(
        kind,
        payload,
        Optional.empty(),
        Duration.ZERO,
        Optional.empty(),
        dedupeKey,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of());
  }

  NewJob toNewJob() {
    NewJob job = NewJob.json(kind, payload).delay(delay);
    job = priority.isPresent() ? job.priority(priority.get()) : job;
    job = at.isPresent() ? job.at(at.get()) : job;
    job = dedupeKey.isPresent() ? job.dedupeKey(dedupeKey.get()) : job;
    job = affinityKey.isPresent() ? job.affinityKey(affinityKey.get()) : job;
    job = maxAttempts.isPresent() ? job.maxAttempts(maxAttempts.get()) : job;
    return job.requires(requires.toArray(String[]::new)).tags(tags.toArray(String[]::new));
  }

  /// When it may run, for a job added at `now`.
  long availableAt(long now) {
    return at.map(instant -> Math.max(now, instant.toEpochMilli())).orElse(now + delay.toMillis());
  }

  /// Only what is said of it.
  @Override
  public String toString() {
    StringJoiner out = new StringJoiner(" ", kind + "(", ")");
    out.add(payload.length() > 80 ? "a long payload" : payload);
    priority.ifPresent(value -> out.add("priority=" + value));
    if (delay.isPositive()) {
      out.add("delay=" + delay);
    }
    at.ifPresent(value -> out.add("at=" + value));
    dedupeKey.ifPresent(value -> out.add("dedupe=" + value));
    affinityKey.ifPresent(value -> out.add("affinity=" + value));
    if (!requires.isEmpty()) {
      out.add("requires=" + requires);
    }
    maxAttempts.ifPresent(value -> out.add("maxAttempts=" + value));
    if (!tags.isEmpty()) {
      out.add("tags=" + tags);
    }
    return out.toString();
  }
}
