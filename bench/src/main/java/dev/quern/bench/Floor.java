package dev.quern.bench;

import dev.quern.Quern;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

/// The ceiling of what an engine on SQLite and JDBC can reach: one thread, no engine, Quern's
/// schema, indexes and pragmas, in the fastest form of statement.
final class Floor {
  private static final String KIND = "noop";

  private Floor() {}

  /// A file with Quern's schema, made by Quern, which has closed it.
  private static FloorTable open(Path file) throws SQLException {
    Quern.open(file).close();
    return new FloorTable(Pragmas.connect(file), KIND);
  }

  private static List<String> payloads(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(Floor::payload).toList();
  }

  static String payload(int number) {
    return "{\"n\":" + number + "}";
  }

  /// Inserts a second, each with a commit of its own.
  static double insertOne(Path file, int rows) throws SQLException {
    try (FloorTable table = open(file)) {
      return Rate.of(
          rows,
          () -> {
            for (int i = 0; i < rows; i++) {
              table.insertOne(payload(i));
            }
          });
    }
  }

  /// Inserts a second, `batch` in each commit, of the jobs that the engine is given, which are made
  /// in the same time.
  static double insert(Path file, FloorTable.Insert form, int batch, int rows) throws SQLException {
    try (FloorTable table = open(file)) {
      return Rate.of(
          rows / batch * batch,
          () -> {
            for (int i = 0; i < rows / batch; i++) {
              List<String> payloads = payloads(i * batch, batch);
              table.begin();
              table.insert(form, payloads);
              table.commit();
            }
          });
    }
  }

  /// Jobs claimed and completed a second. A commit completes `batch` jobs and claims the next, as
  /// those of the engine do.
  static double drain(Path file, FloorTable.Complete form, int batch, int jobs)
      throws SQLException {
    Filler.ready(file, KIND, jobs, Payloads.of(DrainBench.PAYLOAD_BYTES));
    try (FloorTable table = open(file)) {
      double rate = Rate.of(jobs, () -> drain(table, form, batch));
      if (table.done() != jobs) {
        throw new IllegalStateException(table.done() + " of " + jobs + " jobs are done");
      }
      return rate;
    }
  }

  private static void drain(FloorTable table, FloorTable.Complete form, int batch)
      throws SQLException {
    List<FloorTable.Held> held = List.of();
    do {
      table.begin();
      table.complete(form, held);
      held = table.claim(form, batch);
      table.commit();
    } while (!held.isEmpty());
  }
}
