package dev.quern.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Measures contestants in turn, A, B, A, B and so on, so that a noisy minute hits all of them. The
/// order is turned round every other time, since who comes after whom matters, too.
final class Rounds {
  private record Entry(
      String benchmark,
      Map<String, String> params,
      Contestant contestant,
      List<List<Reading>> readings) {
    void run() throws Exception {
      System.gc();
      readings.add(contestant.run());
    }

    void report() {
      Reading last = readings.getLast().getFirst();
      Progress.say("  %s %s: %s".formatted(benchmark, params, Figures.of(last)));
    }

    Measurement measurement() {
      return Measurement.of(benchmark, params, readings);
    }
  }

  private final int warmups;
  private final int rounds;
  private final List<Entry> entries = new ArrayList<>();

  Rounds(int warmups, int rounds) {
    this.warmups = warmups;
    this.rounds = rounds;
  }

  static Rounds of(Effort effort) {
    return new Rounds(effort.pick(1, 5), effort.pick(3, 7));
  }

  Rounds add(String benchmark, Map<String, String> params, Contestant contestant) {
    entries.add(new Entry(benchmark, new LinkedHashMap<>(params), contestant, new ArrayList<>()));
    return this;
  }

  List<Measurement> run() throws Exception {
    for (int i = 0; i < warmups; i++) {
      lap(false);
    }
    entries.forEach(entry -> entry.readings().clear());
    for (int i = 0; i < rounds; i++) {
      lap(i % 2 == 1);
    }
    return entries.stream().map(Entry::measurement).toList();
  }

  private void lap(boolean backwards) throws Exception {
    List<Entry> order = new ArrayList<>(entries);
    if (backwards) {
      Collections.reverse(order);
    }
    for (Entry entry : order) {
      entry.run();
      entry.report();
    }
  }
}
