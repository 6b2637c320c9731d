package dev.quern.bench;

import java.util.List;

/// Operations a second.
final class Rate {
  private Rate() {}

  /// Something that is timed.
  interface Work<E extends Exception> {
    /// Does it.
    void run() throws E;
  }

  static <E extends Exception> double of(long operations, Work<E> work) throws E {
    long began = System.nanoTime();
    work.run();
    return per(operations, System.nanoTime() - began);
  }

  static double per(long operations, long nanos) {
    return operations * 1e9 / nanos;
  }

  static List<Reading> reading(String unit, double rate) {
    return List.of(new Reading("rate", unit, rate));
  }
}
