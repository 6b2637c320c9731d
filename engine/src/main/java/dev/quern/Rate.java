package dev.quern;

import java.time.Duration;

/// How many jobs of a kind may start in a period, over all processes. A window opens with the first
/// claim and lasts for one period.
///
/// @param starts at least 1
/// @param period between 1 ms and one day
public record Rate(int starts, Duration period) {

  /// A rate with its bounds checked.
  public Rate {
    Limits.between("starts", starts, 1, 1_000_000_000);
    Limits.between("period", period, Duration.ofMillis(1), Duration.ofDays(1));
  }

  /// So many starts a second.
  public static Rate perSecond(int starts) {
    return new Rate(starts, Duration.ofSeconds(1));
  }
}
