package dev.quern.store;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// When the [Writer] rests: how often it looks for commits of others when it has nothing to write,
/// and where it leaves gaps in which others can take the lock. [#expect] may be called by any
/// thread, the rest belongs to the thread that writes.
final class Pace {
  /// How often a writer that has nothing to write looks for commits of others.
  private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /// How often it looks when nobody has written for [#ACTIVE_NANOS].
  private static final long QUIET_WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long ACTIVE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// For how long after a sign of other writers this one leaves a gap after each commit.
  private static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// For how long it leaves others a good share of the time.
  private static final long SHARED_NANOS = TimeUnit.MINUTES.toNanos(1);

  /// How long it writes without a gap where others write now and then.
  private static final long SHARED_STREAK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /// How long it writes without a gap where nobody else has been seen.
  private static final long STREAK_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

  private static final long SHORTEST_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /// How long a gap may be, at random, so that nobody's looks keep missing it.
  private static final long USUAL_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /// How long it may be where it makes up for a long commit.
  private static final long LONGEST_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final LongSupplier clock;
  private long neighbourSeenAt;
  private volatile long activeAt;
  private long gapAt;

  /// @param clock in nanoseconds
  Pace(LongSupplier clock) {
    this.clock = clock;
    neighbourSeenAt = clock.getAsLong() - SHARED_NANOS;
    activeAt = clock.getAsLong();
    gapAt = clock.getAsLong();
  }

  /// Takes note that somebody else writes.
  void neighbourSeen() {
    neighbourSeenAt = clock.getAsLong();
  }

  /// Takes note of a commit, this writer's or another's.
  void active() {
    activeAt = clock.getAsLong();
  }

  /// Takes note of a commit to come; returns whether the writer may be in a long sleep.
  boolean expect() {
    boolean quiet = clock.getAsLong() - activeAt > ACTIVE_NANOS / 2;
    active();
    return quiet;
  }

  /// How long to sleep with nothing to write, when the next work is due in `untilDueMillis`.
  long restNanos(long untilDueMillis) {
    boolean isActive = clock.getAsLong() - activeAt < ACTIVE_NANOS;
    long untilDue = TimeUnit.MILLISECONDS.toNanos(Math.max(1, untilDueMillis));
    return Math.min(isActive ? WATCH_NANOS : QUIET_WATCH_NANOS, untilDue);
  }

  /// Takes note that the lock was free for a while.
  void rested() {
    gapAt = clock.getAsLong();
  }

  /// Leaves others a gap in which they can take the lock, since SQLite has no queue, and whoever
  /// waits there looks again less and less often: the share of the time that the lock is free says
  /// how soon one of its looks meets that.
  void leaveGap() {
    long most = gapNanos();
    if (most > 0) {
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(SHORTEST_GAP_NANOS, most));
      rested();
    }
  }

  /// How long a gap now may be at most; 0 for none.
  long gapNanos() {
    long streak = clock.getAsLong() - gapAt;
    long sinceNeighbour = clock.getAsLong() - neighbourSeenAt;
    if (streak < streakNanos(sinceNeighbour)) {
      return 0;
    }
    return sinceNeighbour < BUSY_NANOS
        ? Math.clamp(streak, USUAL_GAP_NANOS, LONGEST_GAP_NANOS)
        : USUAL_GAP_NANOS;
  }

  private static long streakNanos(long sinceNeighbour) {
    if (sinceNeighbour < BUSY_NANOS) {
      return 0;
    }
    return sinceNeighbour < SHARED_NANOS ? SHARED_STREAK_NANOS : STREAK_NANOS;
  }
}
