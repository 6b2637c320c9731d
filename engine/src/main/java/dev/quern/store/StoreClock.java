package dev.quern.store;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The time of a store. It never goes back: behind the wall clock it follows the wall clock; ahead
/// of it, because the wall clock was set back, it goes on at half the speed of the monotonic clock
/// until the two meet. Safe for use by several threads.
public final class StoreClock implements InstantSource {
  private final InstantSource wall;
  private final LongSupplier nanos;
  private long lastMillis;
  private long lastNanos;

  /// A clock that starts at `floor` or at the wall clock, whichever is later.
  ///
  /// @param nanos the monotonic clock, such as `System::nanoTime`
  public StoreClock(InstantSource wall, LongSupplier nanos, long floor) {
    this.wall = wall;
    this.nanos = nanos;
    this.lastNanos = nanos.getAsLong();
    this.lastMillis = Math.max(floor, wall.millis());
  }

  @Override
  public synchronized long millis() {
    long wallMillis = wall.millis();
    if (wallMillis >= lastMillis) {
      lastNanos = nanos.getAsLong();
      lastMillis = wallMillis;
    } else {
      creep();
    }
    return lastMillis;
  }

  /// Moves on by half of what the monotonic clock has moved; what does not make a millisecond yet
  /// is left for the next time.
  private void creep() {
    long passed = nanos.getAsLong() - lastNanos;
    long half = TimeUnit.NANOSECONDS.toMillis(passed / 2);
    if (passed < 0) {
      // Only a clock that is driven by hand goes back: its time passes from here on.
      lastNanos += passed;
    } else if (half > 0) {
      lastMillis += half;
      lastNanos += TimeUnit.MILLISECONDS.toNanos(half * 2);
    }
  }

  /// Whether it is ahead of the wall clock, which was set back.
  public synchronized boolean ahead() {
    return millis() > wall.millis();
  }

  /// Moves the clock to `floor` if it is behind: another process has seen that time.
  public synchronized void atLeast(long floor) {
    if (floor > millis()) {
      lastMillis = floor;
    }
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }
}
