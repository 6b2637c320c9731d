package dev.quern.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until it is driven. Safe for use by several threads.
public final class TestClock implements InstantSource {
  private volatile Instant now = Instant.parse("2030-01-01T00:00:00Z");

  /// A clock at the start of 2030.
  public TestClock() {}

  @Override
  public Instant instant() {
    return now;
  }

  /// Moves on; back by a negative duration.
  public void advance(Duration by) {
    now = now.plus(by);
  }
}
