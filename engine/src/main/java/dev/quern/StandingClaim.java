package dev.quern;

import java.time.Duration;
import java.util.List;

/// A claim by hand that waits for jobs. It keeps its place among those who wait, until it has got
/// jobs or is closed. Safe for use by several threads.
public sealed interface StandingClaim extends AutoCloseable permits dev.quern.core.Standing {

  /// Waits for jobs, and takes them: they are given once. Empty if there are none in time, or the
  /// engine is closed.
  ///
  /// @throws InterruptedException if this thread is interrupted; then nothing was taken
  List<Lease> await(Duration wait) throws InterruptedException;

  /// Waits no more. Jobs that were claimed and not taken are given back.
  @Override
  void close();
}
