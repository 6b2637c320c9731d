package dev.quern.http;

import java.time.Duration;

/// The deadline of an exchange. Whoever takes longer than the present phase allows is interrupted,
/// which closes its connection.
final class Guard {
  private static final ScopedValue<Guard> CURRENT = ScopedValue.newInstance();

  private final Thread thread;
  private volatile long deadline;
  private boolean ended;

  /// A guard of the calling thread.
  Guard(Duration first) {
    thread = Thread.currentThread();
    within(first);
  }

  /// The guard of the exchange that this thread runs.
  static Guard current() {
    return CURRENT.get();
  }

  /// Runs an exchange under this guard.
  void run(Runnable exchange) {
    ScopedValue.where(CURRENT, this).run(exchange);
  }

  /// A new phase begins, which may take so long.
  void within(Duration time) {
    deadline = System.nanoTime() + time.toNanos();
  }

  /// Interrupts the exchange if its time is up.
  synchronized void look(long now) {
    if (!ended && now - deadline > 0) {
      thread.interrupt();
    }
  }

  /// The exchange has ended: from now on its thread is left alone.
  synchronized void end() {
    ended = true;
  }
}
