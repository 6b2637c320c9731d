package dev.quern.bench;

import java.util.List;

/// Measurements that belong together, made in one JVM of their own.
interface Suite {
  /// Measures, in a directory below the current one.
  List<Measurement> measure(Effort effort, Scratch scratch) throws Exception;
}
