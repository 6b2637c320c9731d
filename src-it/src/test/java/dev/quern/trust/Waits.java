package dev.quern.trust;

import java.util.Collection;

/// How long calls took, in microseconds.
///
/// @param calls how many there were
/// @param p50 half of them took no longer
/// @param p90 nine of ten took no longer
/// @param p99 all but one in a hundred took no longer
/// @param max the longest
record Waits(long calls, long p50, long p90, long p99, long max) {

  static Waits of(Collection<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(each -> each / 1_000).sorted().toArray();
    return new Waits(
        sorted.length, at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99), at(sorted, 1));
  }

  private static long at(long[] sorted, double part) {
    return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(part * sorted.length) - 1];
  }

  /// What [#toString] has written.
  static Waits parse(String text) {
    String[] numbers = text.split(" ");
    return new Waits(
        Long.parseLong(numbers[0]),
        Long.parseLong(numbers[1]),
        Long.parseLong(numbers[2]),
        Long.parseLong(numbers[3]),
        Long.parseLong(numbers[4]));
  }

  @Override
  public String toString() {
    return calls + " " + p50 + " " + p90 + " " + p99 + " " + max;
  }

  /// For people.
  String text() {
    return "%,d calls, p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max %.0f ms"
        .formatted(calls, p50 / 1e3, p90 / 1e3, p99 / 1e3, max / 1e3);
  }
}
