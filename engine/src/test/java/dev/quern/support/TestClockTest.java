package dev.quern.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TestClockTest {
  private static final int THREADS = 4;
  private static final int MOVES = 20_000;

  @Test
  void what_several_threads_move_adds_up() throws InterruptedException {
    var clock = new TestClock();
    long before = clock.millis();
    var left = new CountDownLatch(THREADS);
    for (int i = 0; i < THREADS; i++) {
      Thread.startVirtualThread(() -> move(clock, left));
    }

    left.await();

    assertEquals((long) THREADS * MOVES, clock.millis() - before);
  }

  private static void move(TestClock clock, CountDownLatch left) {
    for (int i = 0; i < MOVES; i++) {
      clock.advance(Duration.ofMillis(1));
    }
    left.countDown();
  }
}
