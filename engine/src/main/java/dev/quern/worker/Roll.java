package dev.quern.worker;

import dev.quern.Directive;
import dev.quern.Worker;
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

  /// How long a change may wait.
  private static final long CHANGE_MILLIS = 1_000;

  private final Map<Key, Heard> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Heard> eldest) {
          return size() > Workers.LIMIT;
        }
      };

  private Map<Key, Directive> directed = Map.of();

  private record Heard(WorkerReport report, long writtenAt) {
    /// Whether it is to be written anew. One that changes again and again is not written each time.
    boolean outdated(WorkerReport now, long at) {
      long age = at - writtenAt;
      return age < 0 || age >= WRITE_MILLIS || age >= CHANGE_MILLIS && changed(now);
    }

    private boolean changed(WorkerReport now) {
      return !now.kinds().equals(report.kinds())
          || !now.capabilities().equals(report.capabilities())
          || !now.about().equals(report.about())
          || now.silence().compareTo(report.silence()) > 0;
    }
  }

  /// Takes note of a report; returns what is to be written, if anything is.
  synchronized Optional<WorkerReport> heard(Key key, WorkerReport report, long now) {
    Optional<Heard> known = Optional.ofNullable(entries.get(key));
    WorkerReport whole = known.map(heard -> completed(report, heard.report())).orElse(report);
    if (known.filter(heard -> !heard.outdated(whole, now)).isPresent()) {
      return Optional.empty();
    }
    entries.put(key, new Heard(whole, now));
    return Optional.of(whole);
  }

  /// Who says nothing else of itself has said it before.
  private static WorkerReport completed(WorkerReport report, WorkerReport before) {
    return report.about().equals(Worker.About.NOTHING)
        ? new WorkerReport(
            report.name(), report.kinds(), report.capabilities(), before.about(), report.silence())
        : report;
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
