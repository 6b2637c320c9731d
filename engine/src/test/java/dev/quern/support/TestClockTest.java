package dev.quern.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class TestClockTest {
  private static final int THREADS = 4;
  private static final int MOVES = 200_000;

  @Test
  void what_several_threads_move_adds_up() throws Exception {
    var clock = new TestClock();
    long before = clock.millis();
    var start = new CyclicBarrier(THREADS);
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) {
        threads.submit(() -> move(clock, start));
      }
    }

    assertEquals((long) THREADS * MOVES, clock.millis() - before);
  }

  private static Void move(TestClock clock, CyclicBarrier start) throws Exception {
    start.await();
    for (int i = 0; i < MOVES; i++) {
      clock.advance(Duration.ofMillis(1));
    }
    return null;
  }
}
