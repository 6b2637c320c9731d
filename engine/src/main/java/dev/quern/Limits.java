package dev.quern;

import java.time.Duration;

/// The checks that several types of the lobby share.
final class Limits {
  private Limits() {}

  /// The longest delay.
  static final Duration DELAY = Duration.ofDays(3650);

  static Duration delay(Duration delay) {
    return between("delay", delay, Duration.ZERO, DELAY);
  }

  static Duration between(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s of %s: must be between %s and %s".formatted(name, value, least, most));
    }
    return value;
  }

  static int between(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s of %,d: must be between %,d and %,d".formatted(name, value, least, most));
    }
    return value;
  }
}
