package dev.quern.core;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// Counts by key, where most additions are to the key of the one before. Used by one thread.
///
/// @param <K> what is told apart
final class Tally<K> {
  private final Map<K, long[]> counts = new HashMap<>();
  private K last;
  private long[] lastCount;

  /// Adds to the count of a key, which begins at 0.
  void add(K key, long more) {
    if (!key.equals(last)) {
      lastCount = counts.computeIfAbsent(key, _ -> new long[1]);
      last = key;
    }
    lastCount[0] += more;
  }

  /// The count of a key.
  long of(K key) {
    long[] count = counts.get(key);
    return count == null ? 0 : count[0];
  }

  /// What is done with each key and its count.
  interface Each<K> {
    void accept(K key, long count) throws SQLException;
  }

  void forEach(Each<K> each) throws SQLException {
    for (Map.Entry<K, long[]> count : counts.entrySet()) {
      each.accept(count.getKey(), count.getValue()[0]);
    }
  }

  void clear() {
    counts.clear();
    last = null;
    lastCount = null;
  }
}
