package dev.quern.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that stands still until it is driven. Safe for use by several threads.
public final class TestClock implements InstantSource {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));

  /// A clock at the start of 2030.
  public TestClock() {}

  @Override
  public Instant instant() {
    return now.get();
  }

  /// Moves on; back by a negative duration. What several threads move adds up.
  public void advance(Duration by) {
    now.updateAndGet(before -> before.plus(by));
  }
}
