package dev.quern.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The end of an engine: claims stop, handlers may finish, the rest are interrupted and their jobs
/// given back. Leases are renewed until the last handler has ended. Safe for use by several
/// threads.
final class Closing {
  /// How long interrupted handlers may take to end: a program that ignores its signals takes ten
  /// seconds.
  private static final long INTERRUPTED_NANOS = TimeUnit.SECONDS.toNanos(12);

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Core core;
  private volatile long deadline = Long.MAX_VALUE;
  private volatile boolean begun;
  private boolean done;

  Closing(Core core) {
    this.core = core;
  }

  /// @throws IllegalStateException if the engine is closing
  void check() {
    if (begun) {
      throw new IllegalStateException("the engine is closed: open a new one");
    }
  }

  /// Undoes a start that came while the engine began to close.
  void stopClaims() {
    if (begun) {
      core.pool().claim(false);
    }
  }

  void close(Duration grace) {
    begun = true;
    deadline =
        Math.min(
            deadline,
            System.nanoTime() + Math.min(TimeUnit.NANOSECONDS.convert(grace), Long.MAX_VALUE / 4));
    closeOnce();
  }

  private synchronized void closeOnce() {
    if (!done) {
      done = true;
      core.pool().claim(false);
      core.standing().stop();
      core.store().writer().awaitTurn();
      letHandlersEnd();
      core.store().close();
      core.waits().endAll();
      core.standing().endAll();
      core.identity().leave();
      core.listeners().close();
    }
  }

  private void letHandlersEnd() {
    boolean interrupted = false;
    try {
      awaitDeadline();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (!core.manual()) {
      interrupted |= stopHandlers();
    }
    core.pool().handBackRest();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitDeadline() throws InterruptedException {
    while (!core.manual() && System.nanoTime() < deadline) {
      if (core.pool().awaitIdle(SLICE_NANOS) || nothingToWaitFor()) {
        return;
      }
    }
  }

  /// Whether all handlers have returned, and their ends can never be written.
  private boolean nothingToWaitFor() {
    return core.store().ruin().isPresent() && !core.pool().working();
  }

  private boolean stopHandlers() {
    core.pool().stopAll();
    long end = System.nanoTime() + INTERRUPTED_NANOS;
    try {
      while (core.pool().working() && System.nanoTime() < end) {
        core.pool().awaitIdle(SLICE_NANOS);
      }
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }
}
