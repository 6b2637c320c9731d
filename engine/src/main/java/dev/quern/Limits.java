package dev.quern;

import java.time.Duration;
import java.time.Instant;

/// The checks that several types of the lobby share.
final class Limits {
  private Limits() {}

  /// The longest delay.
  static final Duration DELAY = Duration.ofDays(3650);

  static Duration delay(Duration delay) {
    return between("delay", delay, Duration.ZERO, DELAY);
  }

  /// The last instant that a job can wait for.
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

  static Instant at(Instant at) {
    if (at.isAfter(LATEST)) {
      throw new IllegalArgumentException("at %s: must be no later than %s".formatted(at, LATEST));
    }
    return at;
  }

  /// When something may have been, or may yet be.
  static Instant time(Instant at) {
    if (at.isBefore(Instant.EPOCH)) {
      throw new IllegalArgumentException(
          "at %s: must be no earlier than %s".formatted(at, Instant.EPOCH));
    }
    return at(at);
  }

  static Duration between(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s of %s: must be between %s and %s".formatted(name, value, least, most));
    }
    return value;
  }

  static long between(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s of %,d: must be between %,d and %,d".formatted(name, value, least, most));
    }
    return value;
  }

  static int between(String name, int value, int least, int most) {
    return (int) between(name, (long) value, least, most);
  }
}
