package dev.quern.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What all processes measured, by system and workload.
record Results(List<Result> all) {
  static final String SUBJECT = "Quern";

  /// Brings those of the same system together.
  static Results of(List<Measured> passes) {
    Map<List<String>, Result> results = new LinkedHashMap<>();
    for (Measured pass : passes) {
      for (Row row : pass.rows()) {
        List<String> key = List.of(pass.facts().system(), pass.facts().store(), row.workload());
        Result one = new Result(pass.facts(), row.workload(), row.unit(), List.of(row.runs()));
        results.merge(key, one, Results::join);
      }
    }
    return new Results(List.copyOf(results.values()));
  }

  private static Result join(Result first, Result second) {
    List<List<Run>> passes = new ArrayList<>(first.passes());
    passes.addAll(second.passes());
    return new Result(first.facts(), first.workload(), first.unit(), passes);
  }

  List<String> workloads() {
    return all.stream().map(Result::workload).distinct().toList();
  }

  List<Result> of(String workload) {
    return all.stream().filter(result -> result.workload().equals(workload)).toList();
  }

  List<Facts> systems() {
    return all.stream().map(Result::facts).distinct().toList();
  }

  /// How many times better Quern is: the ratio of the rates, or of the latencies upside down.
  Optional<Double> ratio(Result peer) {
    return of(peer.workload()).stream()
        .filter(result -> result.facts().system().equals(SUBJECT))
        .findFirst()
        .filter(quern -> quern.value() != null && peer.value() != null)
        .map(quern ->
            peer.unit().equals("ms") ? peer.value() / quern.value() : quern.value() / peer.value());
  }
}
