package dev.quern.bench;

import dev.quern.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What was measured of other queues, and of Quern in the same run.
record Peers(List<Row> rows) {
  /// One system with one workload.
  ///
  /// @param value the median of the runs
  record Row(
      String system,
      String version,
      String store,
      String durability,
      String settings,
      String workload,
      String unit,
      double value,
      List<Double> runs) {}

  static Optional<Peers> read(Path file) throws IOException {
    return Files.exists(file)
        ? Optional.of(new JsonCodec().decode(Files.readString(file), Peers.class))
        : Optional.empty();
  }

  /// How many times as fast as the fastest of these Quern drains in the same run.
  Optional<Double> drainRatio(Predicate<Row> rivals) {
    return Evidence.ratio(drain(Peers::isQuern), drain(row -> !isQuern(row) && rivals.test(row)));
  }

  private Optional<Double> drain(Predicate<Row> which) {
    return rows.stream()
        .filter(row -> row.workload().equals("drain") && which.test(row))
        .map(Row::value)
        .max(Double::compare);
  }

  static boolean isQuern(Row row) {
    return row.system().equalsIgnoreCase("quern");
  }

  static Predicate<Row> system(String name) {
    return row -> row.system().toLowerCase().contains(name);
  }

  static Predicate<Row> store(String name) {
    return row -> row.store().toLowerCase().contains(name);
  }
}
