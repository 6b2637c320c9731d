package dev.quern.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What was measured of one thing, in the shape in which JMH writes its results.
///
/// @param benchmark class and method
/// @param params what it was measured with
/// @param primaryMetric what it is compared by
/// @param secondaryMetrics what else was read
record Measurement(
    String benchmark,
    String mode,
    Map<String, String> params,
    Metric primaryMetric,
    Map<String, Metric> secondaryMetrics) {

  Measurement {
    params = Objects.requireNonNullElse(params, Map.of());
    secondaryMetrics = Objects.requireNonNullElse(secondaryMetrics, Map.of());
  }

  /// One value of all runs.
  ///
  /// @param score the median where All measured it, the mean where JMH did
  /// @param rawData the runs, of each fork
  record Metric(double score, String scoreUnit, List<List<Double>> rawData) {
    static Metric of(String unit, List<Double> runs) {
      return new Metric(Samples.median(runs), unit, List.of(List.copyOf(runs)));
    }

    List<Double> runs() {
      return rawData.stream().flatMap(List::stream).toList();
    }
  }

  /// Puts together the readings of all rounds; each has the same readings.
  static Measurement of(String benchmark, Map<String, String> params, List<List<Reading>> rounds) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    for (int i = 0; i < rounds.getFirst().size(); i++) {
      Reading first = rounds.getFirst().get(i);
      metrics.put(first.name(), Metric.of(first.unit(), column(rounds, i)));
    }
    String primary = rounds.getFirst().getFirst().name();
    Metric compared = metrics.remove(primary);
    return new Measurement(
        "dev.quern.bench." + benchmark, mode(primary), params, compared, metrics);
  }

  static Measurement of(String benchmark, Map<String, String> params, Reading... readings) {
    return of(benchmark, params, List.of(List.of(readings)));
  }

  private static String mode(String primary) {
    return primary.endsWith("rate") ? "thrpt" : "sample";
  }

  private static List<Double> column(List<List<Reading>> rounds, int column) {
    List<Double> values = new ArrayList<>();
    rounds.forEach(readings -> values.add(readings.get(column).value()));
    return values;
  }

  /// Class and method without the package.
  String name() {
    return benchmark.substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1);
  }

  double score() {
    return primaryMetric.score();
  }

  Optional<Double> secondary(String name) {
    return Optional.ofNullable(secondaryMetrics.get(name)).map(Metric::score);
  }

  /// Whether it is of this name, with these parameters at least.
  boolean is(String name, Map<String, String> wanted) {
    return name().equals(name) && params.entrySet().containsAll(wanted.entrySet());
  }
}
