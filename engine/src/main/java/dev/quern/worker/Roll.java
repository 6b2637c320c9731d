package dev.quern.worker;

import dev.quern.Directive;
import dev.quern.WorkerReport;
import dev.quern.Workers;
import dev.quern.worker.WorkerTable.Key;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The workers elsewhere that this engine has heard of, and what all workers are told to do. Safe
/// for use by several threads.
final class Roll {
  /// How long what is known is good enough.
  static final long WRITE_MILLIS = 10_000;

  private final Map<Key, Heard> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Heard> eldest) {
          return size() > Workers.LIMIT;
        }
      };

  private Map<Key, Directive> directed = Map.of();

  private record Heard(WorkerReport report, long writtenAt) {}

  /// Takes note of a report; returns whether it is to be written.
  synchronized boolean heard(Key key, WorkerReport report, long now) {
    Heard known = entries.get(key);
    if (known != null
        && known.report().equals(report)
        && now - known.writtenAt() < WRITE_MILLIS
        && now >= known.writtenAt()) {
      return false;
    }
    entries.put(key, new Heard(report, now));
    return true;
  }

  /// The last report of a worker.
  synchronized Optional<WorkerReport> last(Key key) {
    return Optional.ofNullable(entries.get(key)).map(Heard::report);
  }

  synchronized boolean empty() {
    return entries.isEmpty();
  }

  synchronized Directive directive(Key key) {
    return directed.getOrDefault(key, Directive.RUN);
  }

  synchronized void direct(Map<Key, Directive> all) {
    directed = Map.copyOf(all);
  }

  synchronized void direct(Key key, Directive directive) {
    Map<Key, Directive> all = new HashMap<>(directed);
    all.put(key, directive);
    directed = Map.copyOf(all);
  }
}
