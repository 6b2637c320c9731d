package dev.quern.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The comparison with other queues as tables: what was measured of each, and how it was set up.
record PeersTables(Peers peers) {
  /// The workloads and what their columns are called.
  private static final Map<String, String> COLUMNS = columns();

  /// One system on one store.
  private record System(String name, String version, String store) {
    static System of(Peers.Row row) {
      return new System(row.system(), row.version(), row.store());
    }

    String label() {
      return name + " " + version + ", " + store;
    }
  }

  private static Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("enqueue-one-new-store", "enqueue one by one, new store");
    columns.put("enqueue-one", "in use");
    columns.put("enqueue-bulk", "enqueue in bulk");
    columns.put("drain", "drain");
    columns.put("latency-idle-p50", "idle latency, p50");
    columns.put("latency-idle-p99", "p99");
    return columns;
  }

  List<String> lines() {
    Map<System, List<Peers.Row>> systems =
        peers.rows().stream()
            .collect(Collectors.groupingBy(System::of, LinkedHashMap::new, Collectors.toList()));
    List<String> lines = new ArrayList<>();
    lines.add(joined(Stream.concat(Stream.of("system"), COLUMNS.values().stream())));
    lines.add("|---".repeat(COLUMNS.size() + 1) + "|");
    systems.forEach((system, rows) -> lines.add(figures(system, rows)));
    lines.addAll(List.of("", "| system | durability | settings |", "|---|---|---|"));
    systems.forEach((system, rows) -> lines.add(setUp(system, rows.getFirst())));
    return lines;
  }

  private static String figures(System system, List<Peers.Row> rows) {
    Map<String, String> figures =
        rows.stream()
            .collect(
                Collectors.toMap(Peers.Row::workload, row -> Figures.of(row.value(), row.unit())));
    return joined(
        Stream.concat(
            Stream.of(system.label()),
            COLUMNS.keySet().stream().map(workload -> figures.getOrDefault(workload, "–"))));
  }

  private static String setUp(System system, Peers.Row row) {
    return joined(Stream.of(system.label(), row.durability(), row.settings()));
  }

  private static String joined(Stream<String> cells) {
    return cells.collect(Collectors.joining(" | ", "| ", " |"));
  }
}
