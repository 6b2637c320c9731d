package dev.quern.webhook;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// When a delivery that was not taken is tried again.
final class Schedule {
  private static final List<Duration> WAITS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(14),
          Duration.ofHours(20),
          Duration.ofHours(24));

  /// How often a delivery is tried.
  static final int ATTEMPTS = WAITS.size() + 1;

  /// The longest wait that an answer can ask for.
  static final Duration ASKED_LIMIT = Duration.ofHours(24);

  private static final double JITTER = 0.1;

  private Schedule() {}

  /// The wait after the n-th attempt, n counted from 1, give or take a tenth.
  static Duration after(int attempt, RandomGenerator random) {
    Duration wait = WAITS.get(Math.clamp(attempt, 1, WAITS.size()) - 1);
    return Duration.ofMillis(
        Math.round(wait.toMillis() * random.nextDouble(1 - JITTER, 1 + JITTER)));
  }

  /// What a `Retry-After` asks for: seconds or a date. Empty if it is neither.
  static Optional<Duration> asked(String retryAfter, Instant now) {
    return seconds(retryAfter)
        .or(() -> date(retryAfter).map(at -> Duration.between(now, at)))
        .filter(Duration::isPositive)
        .map(wait -> wait.compareTo(ASKED_LIMIT) > 0 ? ASKED_LIMIT : wait);
  }

  private static Optional<Duration> seconds(String text) {
    return text.matches("[0-9]{1,9}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
        : Optional.empty();
  }

  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
