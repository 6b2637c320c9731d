package dev.quern.cli;

import dev.quern.Quern;
import dev.quern.StoreException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Stops the work on a run: gracefully, so that running programs finish, or now. Safe for use by
/// several threads.
final class RunBrake {
  private final Quern quern;
  private final Runnable intake;
  private final AtomicInteger signals = new AtomicInteger();
  private volatile boolean stopped;
  private volatile boolean now;
  private volatile int exit = Exit.OK;

  /// @param intake stops the intake
  RunBrake(Quern quern, Runnable intake) {
    this.quern = quern;
    this.intake = intake;
  }

  /// The first signal lets programs finish, the second ends them, the third ends this process.
  void signal(int code) {
    exit = code;
    switch (signals.incrementAndGet()) {
      case 1 -> stop();
      case 2 -> stopNow();
      default -> Runtime.getRuntime().halt(code);
    }
  }

  /// Something went wrong.
  ///
  /// @param code the exit code, unless there is one already
  void fail(int code) {
    exit = exit == Exit.OK ? code : exit;
    stop();
  }

  /// Lets running programs finish, and starts no more.
  void stop() {
    intake.run();
    stopClaims();
  }

  private synchronized void stopClaims() {
    try {
      quern.stop();
    } catch (StoreException | IllegalStateException _) {
      // Claims have stopped all the same; only whether one was under way is not known.
    }
    stopped = true;
  }

  private void stopNow() {
    now = true;
    Thread.ofPlatform().start(() -> quern.close(Duration.ZERO));
  }

  /// Starts the work, unless it was stopped.
  synchronized void unlessStopped(Runnable start) {
    if (!stopped) {
      start.run();
    }
  }

  /// Whether no more programs will start.
  boolean stopped() {
    return stopped;
  }

  /// Whether running programs are being ended.
  boolean now() {
    return now;
  }

  /// The exit code of what stopped the work.
  int exit() {
    return exit;
  }
}
