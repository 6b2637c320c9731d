package dev.quern.peers;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;

/// Which jobs were handled: when each was first, and how many calls there were.
final class Handled implements IntConsumer {
  private final AtomicLongArray first;
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch missing;
  private volatile long last = System.nanoTime();

  Handled(int jobs) {
    first = new AtomicLongArray(jobs);
    missing = new CountDownLatch(jobs);
  }

  @Override
  public void accept(int id) {
    long now = System.nanoTime();
    calls.incrementAndGet();
    if (first.compareAndSet(id, 0, now)) {
      last = now;
      missing.countDown();
    }
  }

  /// Whether all jobs were handled in time.
  boolean await(Duration limit) throws InterruptedException {
    return missing.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  int jobs() {
    return first.length() - (int) missing.getCount();
  }

  /// How many calls were one too many.
  int duplicates() {
    return calls.get() - jobs();
  }

  /// When the last job was handled for the first time.
  long last() {
    return last;
  }

  /// When a job was handled for the first time; 0 if it was not.
  long at(int id) {
    return first.get(id);
  }
}
