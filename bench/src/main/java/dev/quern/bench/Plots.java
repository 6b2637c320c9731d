package dev.quern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The plots of a report.
record Plots(Evidence evidence, Path directory) {

  /// A plot of the bars that a benchmark has; the name of its file, if it has any.
  Optional<String> bars(String benchmark) throws IOException {
    Results found = evidence.files().get(benchmark);
    if (found == null) {
      return Optional.empty();
    }
    if (benchmark.equals("SoakBench")) {
      return Optional.of(write(benchmark, soak(found.results().getFirst())));
    }
    List<Svg.Bar> bars = rates(found.results());
    return bars.isEmpty()
        ? Optional.empty()
        : Optional.of(write(benchmark, Svg.bars(benchmark + ", jobs/s", bars)));
  }

  private static List<Svg.Bar> rates(List<Measurement> results) {
    return results.stream()
        .filter(each -> each.primaryMetric().scoreUnit().equals("jobs/s"))
        .map(each -> new Svg.Bar(label(each), each.score(), ""))
        .toList();
  }

  private static String label(Measurement each) {
    return each.name() + " " + String.join(" ", words(each.params()));
  }

  private static List<String> words(Map<String, String> params) {
    List<String> words = new ArrayList<>();
    params.forEach((name, value) -> {
      boolean flag = value.equals("true") || value.equals("false");
      if (flag ? value.equals("true") : !name.equals("sqlite")) {
        words.add(flag ? name : value);
      }
    });
    return words;
  }

  private static String soak(Measurement measured) {
    List<Svg.Curve> curves = new ArrayList<>();
    curves.add(curve("rate", measured.primaryMetric()));
    measured.secondaryMetrics().forEach((name, metric) -> curves.add(curve(name, metric)));
    int seconds = measured.primaryMetric().runs().size();
    return Svg.curves("SoakBench, over %,d seconds".formatted(seconds), curves);
  }

  private static Svg.Curve curve(String name, Measurement.Metric metric) {
    return new Svg.Curve(name, metric.scoreUnit(), metric.runs());
  }

  /// A plot of a workload of all systems.
  Optional<String> peers(String workload) throws IOException {
    Predicate<Peers.Row> wanted = row -> row.workload().equals(workload);
    List<Svg.Bar> bars =
        evidence.peers().map(Peers::rows).orElse(List.of()).stream()
            .filter(wanted)
            .map(row -> new Svg.Bar(row.system() + ", " + row.store(), row.value(), row.unit()))
            .toList();
    return bars.isEmpty()
        ? Optional.empty()
        : Optional.of(write("peers-" + workload, Svg.bars(workload, bars)));
  }

  private String write(String name, String svg) throws IOException {
    Files.writeString(directory.resolve(name + ".svg"), svg);
    return name + ".svg";
  }
}
