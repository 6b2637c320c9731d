package dev.quern;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// How long things took: how many were in each of some ranges of length.
///
/// @param counts how many took at most as long as the bound at the same place of [#BOUNDS], and
///   longer than the bound before; the last one counts what took longer than all bounds
/// @param total all lengths together
public record Histogram(List<Long> counts, Duration total) {
  private static final long[] MILLIS = {
    1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000,
    3_600_000
  };

  /// The ends of the ranges, shortest first.
  public static final List<Duration> BOUNDS =
      Arrays.stream(MILLIS).mapToObj(Duration::ofMillis).toList();

  /// A histogram with a count for each range.
  public Histogram {
    counts = List.copyOf(counts);
    if (counts.size() != BOUNDS.size() + 1) {
      throw new IllegalArgumentException(
          "%d counts: must be %d".formatted(counts.size(), BOUNDS.size() + 1));
    }
  }

  /// The place in [#counts] of a length in milliseconds.
  public static int place(long millis) {
    int found = Arrays.binarySearch(MILLIS, millis);
    return found < 0 ? -found - 1 : found;
  }

  /// How many there were.
  public long count() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }
}
