package dev.quern.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// All results that there are.
///
/// @param files by the name of the benchmark
record Evidence(Map<String, Results> files, Optional<Peers> peers) {
  static Evidence read(Path directory) throws IOException {
    Map<String, Results> files = new LinkedHashMap<>();
    for (String name : All.names()) {
      Results.read(directory.resolve(name + ".json")).ifPresent(found -> files.put(name, found));
    }
    return new Evidence(files, Peers.read(directory.resolve("peers.json")));
  }

  List<Measurement> all() {
    return files.values().stream().flatMap(file -> file.results().stream()).toList();
  }

  /// What was measured of one thing; of several that have these parameters, the best.
  Optional<Double> score(String name, Map<String, String> params) {
    return matching(name, params).map(Measurement::score).max(Double::compare);
  }

  Optional<Double> secondary(String name, String metric) {
    return matching(name, Map.of()).findFirst().flatMap(found -> found.secondary(metric));
  }

  Stream<Measurement> matching(String name, Map<String, String> params) {
    return all().stream().filter(each -> each.is(name, params));
  }

  /// The largest value that a parameter has.
  Optional<String> largest(String name, String param) {
    TreeMap<Long, String> values = new TreeMap<>();
    matching(name, Map.of())
        .map(each -> each.params().get(param))
        .forEach(value -> values.put(Long.parseLong(value), value));
    return Optional.ofNullable(values.lastEntry()).map(Map.Entry::getValue);
  }

  static Optional<Double> ratio(Optional<Double> above, Optional<Double> below) {
    return above.flatMap(a -> below.filter(b -> b > 0).map(b -> a / b));
  }
}
