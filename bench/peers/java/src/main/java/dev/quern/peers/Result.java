package dev.quern.peers;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// All measurements of one workload for one system.
///
/// @param passes those of each process that measured it
record Result(Facts facts, String workload, String unit, List<List<Run>> passes) {
  List<Run> runs() {
    return passes.stream().flatMap(List::stream).toList();
  }

  /// The median of all; null if there is none.
  Double value() {
    return median(runs().stream().map(Run::value).toList());
  }

  /// The median of one pass.
  Double value(int pass) {
    return median(passes.get(pass).stream().map(Run::value).toList());
  }

  Double recorded() {
    return median(runs().stream().map(Run::recorded).toList());
  }

  int duplicates() {
    return runs().stream().mapToInt(Run::duplicates).sum();
  }

  String note() {
    return runs().stream()
        .map(Run::note)
        .filter(note -> !note.isEmpty())
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private static Double median(List<Double> values) {
    List<Double> sorted = values.stream().filter(Objects::nonNull).sorted().toList();
    int half = sorted.size() / 2;
    if (sorted.isEmpty()) {
      return null;
    }
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
