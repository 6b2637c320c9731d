package dev.quern.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How long each job has to stay as it is: until it is due, until its lease has run out, until it
/// may be forgotten.
final class Times {
  private final Wall wall;
  private final Permits permits;
  private final Map<Long, Mark> marks = new HashMap<>();

  /// When a job came into its state or its lease was renewed, by [Wall#forward], and how long it
  /// has to stay.
  private record Mark(long forward, long millis) {}

  Times(Wall wall, Permits permits) {
    this.wall = wall;
    this.permits = permits;
  }

  /// Takes note of a job that came into its state, or whose lease was renewed.
  ///
  /// @param now the time of the store then
  void begin(Row row, long now) {
    long millis =
        switch (row.state()) {
          case RUNNING -> Simulation.LEASE.toMillis();
          case SCHEDULED -> row.availableAt() - now;
          case DONE, FAILED, CANCELLED ->
              permits.retention(row.state()).map(Duration::toMillis).orElse(Long.MAX_VALUE);
          default -> 0;
        };
    marks.put(row.id(), new Mark(wall.forward(), millis));
  }

  /// What is wrong when a job does not stay as it is. Whatever the clock did, no more time can have
  /// passed than it went forward.
  Optional<Problem> problem(String what, Row row) {
    Mark mark = marks.get(row.id());
    long tolerance = wall.wentBack() ? Simulation.TOLERANCE.toMillis() : 0;
    long passed = wall.forward() - mark.forward();
    return passed < mark.millis() - tolerance
        ? Optional.of(
            Problem.unexpected(
                "%s: %s, after %d of %d ms".formatted(what, row, passed, mark.millis())))
        : Optional.empty();
  }
}
