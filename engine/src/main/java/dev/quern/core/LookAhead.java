package dev.quern.core;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// How many jobs to claim beyond the free slots, so that handlers need not wait for the next
/// commit: as many as will have ended soon after, judging by the last one. Only handlers that take
/// no longer than that count, so that where others are slow, other processes find the jobs which
/// this one could not begin. [#returned] may be called by any thread, the rest belongs to the
/// thread that writes.
final class LookAhead {
  /// Jobs claimed ahead are begun within about this time.
  private static final long WINDOW_MILLIS = 4;

  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(WINDOW_MILLIS);

  /// A shorter time says nothing of how many jobs end in the window.
  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final int JOBS_LIMIT = 1_000;

  private static final int PAYLOADS_LIMIT = 16 << 20;

  private final AtomicInteger returned = new AtomicInteger();
  private long askedAt = System.nanoTime();
  private int jobs = JOBS_LIMIT;

  /// Takes note that a handler has returned after so long.
  void returned(long millis) {
    if (millis <= WINDOW_MILLIS) {
      returned.incrementAndGet();
    }
  }

  /// How many more jobs than there are slots to claim now.
  int jobs() {
    long now = System.nanoTime();
    long passed = Math.max(SHORTEST_NANOS, now - askedAt);
    askedAt = now;
    long expected = returned.getAndSet(0) * WINDOW_NANOS / passed;
    return (int) Math.min(jobs, expected);
  }

  /// Takes note of what was claimed: after long payloads fewer are claimed ahead.
  void claimed(List<Claimed> claimed) {
    int longest = 0;
    for (Claimed job : claimed) {
      longest = Math.max(longest, job.payload().length());
    }
    if (!claimed.isEmpty()) {
      jobs = Math.min(JOBS_LIMIT, PAYLOADS_LIMIT / (1 + longest));
    }
  }
}
