package dev.quern.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @Test
  void the_waits_are_those_that_the_specification_proposes_give_or_take_a_tenth() {
    var waits =
        List.of("PT5S", "PT5M", "PT30M", "PT2H", "PT5H", "PT10H", "PT14H", "PT20H", "PT24H");
    long seed = new Random().nextLong();
    var random = new Random(seed);

    assertEquals(waits.size() + 1, Schedule.ATTEMPTS);
    for (int attempt = 1; attempt < Schedule.ATTEMPTS; attempt++) {
      long wait = Duration.parse(waits.get(attempt - 1)).toMillis();
      for (int i = 0; i < 100; i++) {
        long got = Schedule.after(attempt, random).toMillis();
        assertTrue(Math.abs(got - wait) <= wait / 10 + 1, attempt + ": " + got + ", seed " + seed);
      }
    }
  }

  @Test
  void an_answer_can_ask_for_seconds_or_a_date_and_for_a_day_at_most() {
    assertEquals(asked("120"), Optional.of(Duration.ofMinutes(2)));
    assertEquals(asked("Tue, 01 Jan 2030 00:10:00 GMT"), Optional.of(Duration.ofMinutes(10)));
    assertEquals(asked("999999999"), Optional.of(Duration.ofDays(1)));
    assertEquals(asked("Wed, 01 Jan 2031 00:00:00 GMT"), Optional.of(Duration.ofDays(1)));
  }

  @Test
  void what_an_answer_asks_for_is_ignored_where_it_makes_no_sense() {
    for (String text :
        List.of("", "0", "-5", "soon", "1.5", "99999999999999", "Mon, 31 Dec 2029 00:00:00 GMT")) {
      assertEquals(Optional.empty(), asked(text), text);
    }
  }

  private static Optional<Duration> asked(String retryAfter) {
    return Schedule.asked(retryAfter, NOW);
  }
}
