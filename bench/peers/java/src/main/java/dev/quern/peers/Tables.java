package dev.quern.peers;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Prints the results.
record Tables(Results results, PrintStream out) {
  private static final String LINE = "  %-26s %-11s %12s %10s  %s";

  private static final Map<String, String> TITLES =
      Map.of(
          "enqueue-one-new-store", "Enqueue, one caller, one at a time, a new store (jobs/s)",
          "enqueue-one", "Enqueue, one caller, one at a time, a store in use (jobs/s)",
          "enqueue-bulk", "Enqueue 20,000 jobs in bulk (jobs/s)",
          "drain", "Drain 20,000 jobs that do nothing (jobs/s until the last was handled)",
          "latency-idle-p50", "Idle: from the call of enqueue to the handler, p50 (ms)",
          "latency-idle-p99", "Idle: from the call of enqueue to the handler, p99 (ms)");

  void print() {
    results.workloads().forEach(this::workload);
    out.println();
    results.systems().forEach(this::system);
  }

  private void workload(String workload) {
    out.println();
    out.println(TITLES.getOrDefault(workload, workload));
    line("system", "store", "median", "Quern is", "");
    results.of(workload).forEach(this::result);
  }

  private void result(Result result) {
    Facts facts = result.facts();
    if (facts.system().equals(Results.SUBJECT)) {
      passes(result);
    }
    String ratio = results.ratio(result).map(Tables::times).orElse("-");
    line(facts.system(), facts.store(), number(result, result.value()), ratio, remark(result));
  }

  private static String times(double ratio) {
    return String.format(Locale.ROOT, ratio < 1 ? "%.2f x" : "%.1f x", ratio);
  }

  private void passes(Result result) {
    List<String> names = List.of("first pass", "last pass");
    for (int pass = 0; result.passes().size() == 2 && pass < 2; pass++) {
      line("Quern, " + names.get(pass), "SQLite", number(result, result.value(pass)), "", "");
    }
  }

  private static String remark(Result result) {
    List<String> remarks = new ArrayList<>();
    if (result.recorded() != null) {
      remarks.add("until all ends were recorded: %s".formatted(number(result, result.recorded())));
    }
    if (result.duplicates() > 0) {
      remarks.add("%d handled twice".formatted(result.duplicates()));
    }
    if (!result.note().isEmpty()) {
      remarks.add(result.note());
    }
    return String.join("; ", remarks);
  }

  private static String number(Result result, Double value) {
    if (value == null) {
      return "-";
    }
    String format = result.unit().equals("ms") ? "%,.2f" : "%,.0f";
    return String.format(Locale.ROOT, format, value);
  }

  private void line(String system, String store, String value, String ratio, String remark) {
    out.println(LINE.formatted(system, store, value, ratio, remark).stripTrailing());
  }

  private void system(Facts facts) {
    out.printf("%s %s, %s%n", facts.system(), facts.version(), facts.store());
    out.printf("    durability: %s%n    settings: %s%n", facts.durability(), facts.settings());
  }
}
