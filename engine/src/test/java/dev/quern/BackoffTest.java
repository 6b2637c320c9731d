package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final SplittableRandom random = new SplittableRandom(42);

  @Test
  void by_default_the_first_wait_is_a_minute_and_the_longest_an_hour() {
    var exact = new Backoff(Backoff.DEFAULT.base(), Backoff.DEFAULT.cap(), false);

    assertEquals(
        List.of(60L, 120L, 240L, 480L, 960L, 1_920L, 3_600L, 3_600L),
        IntStream.rangeClosed(1, 8).mapToObj(n -> exact.after(n, random).toSeconds()).toList());
  }

  @Test
  void the_cap_holds_after_any_number_of_failures() {
    for (long base : List.of(1L, 1_000L, 60_000L, Duration.ofDays(30).toMillis())) {
      var backoff = new Backoff(Duration.ofMillis(base), Duration.ofDays(30), false);
      for (int failures : List.of(50, 64, 65, 1_000, 1_000_000)) {
        assertEquals(Duration.ofDays(30), backoff.after(failures, random), base + ", " + failures);
      }
    }
  }

  @Test
  void jitter_is_a_tenth_at_most_and_parts_jobs_that_failed_together() {
    var backoff = Backoff.exponential(MINUTE, Duration.ofHours(1));
    var waits = new TreeSet<Duration>();
    for (int i = 0; i < 10_000; i++) {
      waits.add(backoff.after(1, random));
    }

    assertTrue(waits.first().compareTo(Duration.ofSeconds(54)) >= 0, waits.first() + "");
    assertTrue(waits.last().compareTo(Duration.ofSeconds(66)) <= 0, waits.last() + "");
    assertTrue(waits.first().compareTo(Duration.ofSeconds(55)) < 0, waits.first() + "");
    assertTrue(waits.last().compareTo(Duration.ofSeconds(65)) > 0, waits.last() + "");
    assertTrue(waits.size() > 1_000, waits.size() + " different waits");
  }

  @Test
  void a_constant_wait_is_the_same_every_time() {
    var backoff = Backoff.constant(MINUTE);

    assertEquals(MINUTE, backoff.after(1, random));
    assertEquals(MINUTE, backoff.after(9, random));
    assertEquals(Duration.ZERO, Backoff.constant(Duration.ZERO).after(9, random));
  }

  @Test
  void a_first_wait_over_the_longest_is_refused() {
    assertThrows(
        IllegalArgumentException.class, () -> Backoff.exponential(Duration.ofHours(2), MINUTE));
  }
}
