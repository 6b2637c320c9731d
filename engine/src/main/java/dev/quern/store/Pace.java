package dev.quern.store;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// When the [Writer] rests: how often it looks for commits of others when it has nothing to write,
/// and where it leaves gaps in which others can take the lock. [#expect] may be called by any
/// thread, the rest belongs to the thread that writes.
final class Pace {
  /// How often a writer that has nothing to write looks for commits of others.
  private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /// How often it looks when nobody has written for [#ACTIVE_NANOS].
  private static final long QUIET_WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long ACTIVE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// For how long after a sign of other writers this one leaves gaps for them.
  private static final long NEIGHBOUR_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// How long it writes without a gap.
  private static final long STREAK_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

  private static final long SHORTEST_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private long neighbourSeenAt = System.nanoTime() - NEIGHBOUR_NANOS;
  private volatile long activeAt = System.nanoTime();
  private long gapAt = System.nanoTime();

  /// Takes note that somebody else writes.
  void neighbourSeen() {
    neighbourSeenAt = System.nanoTime();
  }

  /// Takes note of a commit, this writer's or another's.
  void active() {
    activeAt = System.nanoTime();
  }

  /// Takes note of a commit to come; returns whether the writer may be in a long sleep.
  boolean expect() {
    boolean quiet = System.nanoTime() - activeAt > ACTIVE_NANOS / 2;
    active();
    return quiet;
  }

  /// How long to sleep with nothing to write, when the next work is due in `untilDueMillis`.
  long restNanos(long untilDueMillis) {
    boolean isActive = System.nanoTime() - activeAt < ACTIVE_NANOS;
    long untilDue = TimeUnit.MILLISECONDS.toNanos(Math.max(1, untilDueMillis));
    return Math.min(isActive ? WATCH_NANOS : QUIET_WATCH_NANOS, untilDue);
  }

  /// Takes note that the lock was free for a while.
  void rested() {
    gapAt = System.nanoTime();
  }

  /// Leaves others a gap in which they can take the lock, since SQLite has no queue: after each
  /// commit while they write too, and now and then in case somebody waits who has not been seen.
  void leaveGap() {
    long now = System.nanoTime();
    if (now - neighbourSeenAt < NEIGHBOUR_NANOS || now - gapAt > STREAK_NANOS) {
      LockSupport.parkNanos(
          ThreadLocalRandom.current().nextLong(SHORTEST_GAP_NANOS, LONGEST_GAP_NANOS));
      rested();
    }
  }
}
