package dev.quern.simulation;

import java.time.Duration;
import java.util.List;

/// How often the steps of a simulation come, and how the clock may go.
///
/// @param weights of the steps, in the order of [Step]
/// @param clockSteps by how much the clock may be set
record Profile(List<Integer> weights, List<Duration> clockSteps) {

  /// What can happen.
  enum Step {
    TICK,
    ENQUEUE,
    CLAIM,
    OF_LEASE,
    REQUEST,
    OF_KIND,
    PASS,
    CLOCK,
    DIE,
    DIE_SOON,
    CLOSE,
    HANG
  }

  static Profile of(String name) {
    return name.equals("clock") ? CLOCK : MIXED;
  }

  /// Everything, and now and then a clock that is set.
  static final Profile MIXED =
      new Profile(
          List.of(30, 22, 8, 14, 9, 3, 16, 1, 3, 6, 2, 3),
          List.of(Duration.ofSeconds(-30), Duration.ofMinutes(10), Duration.ofHours(-1)));

  /// Mostly clocks.
  static final Profile CLOCK =
      new Profile(
          List.of(30, 18, 8, 12, 4, 1, 16, 14, 1, 2, 3, 2),
          List.of(
              Duration.ofMillis(-1),
              Duration.ofSeconds(-20),
              Duration.ofSeconds(61),
              Duration.ofHours(1),
              Duration.ofHours(-1),
              Duration.ofDays(30),
              Duration.ofDays(-30),
              Duration.ofDays(365),
              Duration.ofDays(-365)));
}
