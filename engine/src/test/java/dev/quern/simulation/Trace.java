package dev.quern.simulation;

import java.util.ArrayList;
import java.util.List;

/// All that happened in a simulation, in order: the same seed gives the same trace.
final class Trace {
  private static final long FNV_PRIME = 0x100000001b3L;

  private final List<String> lines = new ArrayList<>();
  private long hash = 0xcbf29ce484222325L;

  void add(String line) {
    lines.add(line);
    for (int i = 0; i < line.length(); i++) {
      hash = (hash ^ line.charAt(i)) * FNV_PRIME;
    }
  }

  long hash() {
    return hash;
  }

  /// The last lines.
  String end(int count) {
    return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
  }
}
