package dev.quern.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// How long somebody waits for a lock that another connection holds. SQLite has no queue, so
/// whoever waits tries again after 0.5 to 3 ms. For one wait and one thread.
final class Patience {
  private static final long SHORTEST_NANOS = 500_000;
  private static final long LONGEST_NANOS = 3_000_000;

  private final Dialect dialect;
  private final long deadline;

  Patience(Dialect dialect, Duration limit) {
    this.dialect = dialect;
    deadline = System.nanoTime() + limit.toNanos();
  }

  /// Waits a moment if `fault` says that a lock is held and there is time left.
  ///
  /// @return whether to try again
  boolean waitsAfter(SQLException fault) {
    if (dialect.fault(fault) != Dialect.Fault.BUSY || System.nanoTime() - deadline > 0) {
      return false;
    }
    // An interrupt would end each wait at once.
    boolean interrupted = Thread.interrupted();
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(SHORTEST_NANOS, LONGEST_NANOS));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
