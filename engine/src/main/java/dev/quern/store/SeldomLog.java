package dev.quern.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/// Warns of faults that nobody waits for: not again and again while they last. For one thread.
public final class SeldomLog {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Logger log;
  private long warnedAt = System.nanoTime() - PAUSE_NANOS;

  /// Warns on `log`.
  public SeldomLog(Logger log) {
    this.log = log;
  }

  /// Warns, unless it has lately.
  ///
  /// @param what could not be done
  public void warn(String what, RuntimeException why) {
    if (System.nanoTime() - warnedAt >= PAUSE_NANOS) {
      warnedAt = System.nanoTime();
      log.log(Level.WARNING, "{0}: {1}", what, why.getMessage());
    }
  }
}
