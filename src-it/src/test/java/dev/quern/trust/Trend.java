package dev.quern.trust;

import java.util.List;

/// A quantity of a process that works, looked at again and again: whether it grows.
///
/// @param name what it is
/// @param values what it was, at even distances; the first third is the start and left out
record Trend(String name, List<Long> values) {

  /// By how much it has grown, going by the line of best fit.
  double growth() {
    List<Long> late = values.subList(values.size() / 3, values.size());
    double middle = (late.size() - 1) / 2.0;
    double average = late.stream().mapToLong(Long::longValue).average().orElse(0);
    double above = 0;
    double below = 0;
    for (int i = 0; i < late.size(); i++) {
      above += (i - middle) * (late.get(i) - average);
      below += (i - middle) * (i - middle);
    }
    return below == 0 ? 0 : above / below * (late.size() - 1);
  }

  long max() {
    return values.stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /// Whether it has grown by more than may be.
  boolean leaks(double allowance) {
    return growth() > allowance;
  }
}
