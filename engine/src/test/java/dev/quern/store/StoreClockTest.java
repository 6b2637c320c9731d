package dev.quern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StoreClockTest {
  private long wallMillis = 1_000_000;
  private long nanos = 5_000_000_000L;

  @Test
  void it_follows_the_wall_clock() {
    var clock = clock(0);
    assertEquals(1_000_000, clock.millis());

    pass(Duration.ofMillis(7));
    assertEquals(1_000_007, clock.millis());

    wallMillis += 3_600_000;
    assertEquals(4_600_007, clock.millis());
    assertEquals(Instant.ofEpochMilli(4_600_007), clock.instant());
  }

  @Test
  void it_starts_no_earlier_than_the_store_has_seen() {
    assertEquals(1_500_000, clock(1_500_000).millis());
  }

  @Test
  void it_goes_on_at_half_speed_when_the_wall_clock_is_set_back() {
    var clock = clock(0);
    wallMillis -= 10_000;
    assertEquals(1_000_000, clock.millis());

    pass(Duration.ofMillis(100));
    assertEquals(1_000_050, clock.millis());
    pass(Duration.ofSeconds(2));
    assertEquals(1_001_050, clock.millis());
  }

  @Test
  void it_meets_the_wall_clock_again_and_follows_it() {
    var clock = clock(0);
    wallMillis -= 10_000;
    clock.millis();

    for (int second = 1; second <= 18; second++) {
      pass(Duration.ofSeconds(1));
      assertEquals(1_000_000 + 500 * second, clock.millis());
    }
    pass(Duration.ofSeconds(2));
    assertEquals(wallMillis, clock.millis());
    pass(Duration.ofMillis(1));

    assertEquals(wallMillis, clock.millis());
  }

  @Test
  void looking_often_does_not_slow_it_down() {
    var clock = clock(0);
    wallMillis -= 10_000;
    for (int i = 0; i < 100_000; i++) {
      nanos += 10_000;
      clock.millis();
    }

    assertEquals(1_000_500, clock.millis());
  }

  @Test
  void it_catches_up_with_what_another_process_has_seen() {
    var clock = clock(0);

    clock.atLeast(1_000_400);
    assertEquals(1_000_400, clock.millis());
    clock.atLeast(900_000);
    assertEquals(1_000_400, clock.millis());

    pass(Duration.ofMillis(500));
    assertEquals(1_000_500, clock.millis());
  }

  @Test
  void it_never_goes_back_and_never_stops_whatever_the_wall_clock_does() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("store clock: -Dseed=" + seed);
    var random = new SplittableRandom(seed);
    var clock = clock(0);
    long before = clock.millis();
    for (int i = 0; i < 100_000; i++) {
      if (random.nextInt(100) == 0) {
        wallMillis += random.nextLong(-1_000, 1_000);
      }
      // Where the two meet it may wait for a moment.
      pass(Duration.ofMillis(2));
      long first = clock.millis();
      pass(Duration.ofMillis(2));
      long second = clock.millis();
      assertTrue(first >= before && second > before, before + ", " + first + ", " + second);
      before = second;
    }
  }

  private StoreClock clock(long floor) {
    return new StoreClock(() -> Instant.ofEpochMilli(wallMillis), () -> nanos, floor);
  }

  /// Both clocks move on.
  private void pass(Duration time) {
    wallMillis += time.toMillis();
    nanos += time.toNanos();
  }
}
