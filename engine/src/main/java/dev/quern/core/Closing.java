package dev.quern.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The end of an engine: claims stop, handlers may finish, the rest are interrupted and their jobs
/// given back. Leases are renewed until the last handler has ended. Safe for use by several
/// threads.
final class Closing {
  private static final long INTERRUPTED_NANOS = TimeUnit.SECONDS.toNanos(5);
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

  void close(Duration grace) {
    begun = true;
    deadline =
        Math.min(deadline, System.nanoTime() + Math.min(grace.toNanos(), Long.MAX_VALUE / 4));
    closeOnce();
  }

  private synchronized void closeOnce() {
    if (!done) {
      done = true;
      core.pool().claim(false);
      letHandlersEnd();
      core.store().close();
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
      if (core.pool().awaitIdle(SLICE_NANOS)) {
        return;
      }
    }
  }

  private boolean stopHandlers() {
    core.pool().stopAll();
    try {
      core.pool().awaitIdle(INTERRUPTED_NANOS);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }
}
