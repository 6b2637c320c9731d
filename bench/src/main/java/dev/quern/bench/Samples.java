package dev.quern.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// Sorted values, and their percentiles by nearest rank.
record Samples(double[] sorted) {
  Samples {
    sorted = sorted.clone();
    Arrays.sort(sorted);
  }

  static Samples of(Collection<? extends Number> values) {
    return new Samples(values.stream().mapToDouble(Number::doubleValue).toArray());
  }

  static double median(Collection<? extends Number> values) {
    return of(values).median();
  }

  int count() {
    return sorted.length;
  }

  double percentile(double p) {
    int rank = (int) Math.ceil(p * sorted.length);
    return sorted.length == 0 ? 0 : sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
  }

  double median() {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 || middle == 0
        ? percentile(0.5)
        : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double max() {
    return percentile(1);
  }

  /// What there is to say of latencies, which are in nanoseconds here: p50 first.
  List<Reading> latencies() {
    return List.of(
        new Reading("p50", "ms", median() / 1e6),
        new Reading("p90", "ms", percentile(0.9) / 1e6),
        new Reading("p99", "ms", percentile(0.99) / 1e6),
        new Reading("max", "ms", max() / 1e6),
        new Reading("samples", "", count()));
  }
}
