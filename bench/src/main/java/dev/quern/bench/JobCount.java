package dev.quern.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Gives JMH a rate to print beside its own score, as the secondary result `jobs`: JMH divides it
/// by the time that an invocation took, opening and closing a store included.
@State(Scope.Thread)
@AuxCounters
public class JobCount {
  /// Jobs, as many as the whole of the invocation would have had time for.
  public long jobs;

  /// Counts an invocation that began at `began` and reached `rate` in the part that counts.
  void add(double rate, long began) {
    jobs += Math.round(rate * (System.nanoTime() - began) / 1e9);
  }
}
