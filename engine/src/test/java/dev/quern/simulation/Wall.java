package dev.quern.simulation;

import java.time.Instant;
import java.time.InstantSource;

/// The clocks of a simulation. The one on the wall goes on, back, or stands still, as the seed
/// says: engines read it by [#millis]. The one that only measures goes on for ever: a manual engine
/// reads it by [#instant].
final class Wall implements InstantSource {
  static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private long now = START.toEpochMilli();
  private long passed;
  private long forward;
  private long jumps;
  private boolean back;
  private boolean frozen;

  @Override
  public long millis() {
    return now;
  }

  @Override
  public Instant instant() {
    return START.plusMillis(passed);
  }

  /// Lets time pass; the clock on the wall may stand still all the same.
  void pass(long millis) {
    passed += millis;
    forward += millis;
    now += frozen ? 0 : millis;
  }

  /// Sets the clock on the wall.
  void step(long millis) {
    now += millis;
    forward += Math.max(0, millis);
    back |= millis < 0;
    jumps++;
  }

  void freeze(boolean frozen) {
    jumps += frozen && !this.frozen ? 1 : 0;
    back |= frozen;
    this.frozen = frozen;
  }

  /// All that both clocks ever went forward: no store may think that more time has passed.
  long forward() {
    return forward;
  }

  /// How often it did what no clock should do.
  long jumps() {
    return jumps;
  }

  /// Whether engines may have to go on without it, each by itself.
  boolean wentBack() {
    return back;
  }
}
