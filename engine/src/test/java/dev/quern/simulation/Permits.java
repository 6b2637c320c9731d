package dev.quern.simulation;

import dev.quern.JobState;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// What may happen to ended jobs at the moment, since someone asks for it right now or the
/// configuration says so.
final class Permits {
  private final Map<JobState, Duration> retention;
  private final Map<Of, Integer> given = new EnumMap<>(Of.class);

  /// What is permitted.
  enum Of {
    REQUEUE,
    DELETE,
    PURGE
  }

  Permits(Map<JobState, Duration> retention) {
    this.retention = retention;
  }

  void give(Of what) {
    given.merge(what, 1, Integer::sum);
  }

  void takeBack(Of what) {
    given.merge(what, -1, Integer::sum);
  }

  boolean given(Of what) {
    return given.getOrDefault(what, 0) > 0;
  }

  Map<JobState, Duration> all() {
    return retention;
  }

  Optional<Duration> retention(JobState state) {
    return Optional.ofNullable(retention.get(state));
  }
}
