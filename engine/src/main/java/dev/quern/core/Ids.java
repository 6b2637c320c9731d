package dev.quern.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Ids for a condition. Those that follow one another, as those of jobs that were enqueued together
/// do, are a range, which costs SQLite a quarter less than a list: it goes along the table, and
/// need keep neither the list nor what it has found.
sealed interface Ids {
  /// One more range than the first is worth it for so many ids.
  int RANGE_LEAST = 16;

  /// All ids from one to another.
  record Range(long first, long last) implements Ids {}

  /// Any ids.
  ///
  /// @param array as a JSON array
  record Listed(String array) implements Ids {}

  /// The ids, each in one of these.
  static List<Ids> of(long... ids) {
    long[] sorted = ids.clone();
    Arrays.sort(sorted);
    List<Ids> ranges = ranges(sorted);
    return ranges.size() <= 1 + sorted.length / RANGE_LEAST
        ? ranges
        : List.of(new Listed(Columns.array(sorted)));
  }

  private static List<Ids> ranges(long[] sorted) {
    List<Ids> ranges = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i == sorted.length || sorted[i] - sorted[i - 1] > 1) {
        ranges.add(new Range(sorted[from], sorted[i - 1]));
        from = i;
      }
    }
    return ranges;
  }
}
