package dev.quern;

import java.util.Map;

/// How many jobs there are, by kind and state. Kinds without jobs are left out, states without jobs
/// count 0.
///
/// @param byKind sorted by name
public record Counts(Map<String, Map<JobState, Long>> byKind) {

  /// Over all kinds.
  public long of(JobState state) {
    return byKind.values().stream().mapToLong(states -> states.getOrDefault(state, 0L)).sum();
  }

  /// Of one kind.
  public long of(String kind, JobState state) {
    return byKind.getOrDefault(kind, Map.of()).getOrDefault(state, 0L);
  }
}
