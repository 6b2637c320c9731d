package dev.quern.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Runs exchanges, each on a virtual thread under a [Guard], up to a number at once: the
/// connections of others are closed at once. Safe for use by several threads.
final class Exchanges implements Executor, AutoCloseable {
  /// How often deadlines are looked at.
  private static final Duration LOOK = Duration.ofMillis(100);

  private final int most;
  private final Semaphore slots;
  private final Duration headerDeadline;
  private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
  private final LongAdder refused = new LongAdder();
  private final Thread watch;

  /// @param most how many at once
  /// @param headerDeadline how long the head of a request may take from its first byte
  Exchanges(int most, Duration headerDeadline) {
    this.most = most;
    this.slots = new Semaphore(most);
    this.headerDeadline = headerDeadline;
    this.watch = Thread.ofPlatform().daemon().name("quern-http-watch").start(this::watch);
  }

  @Override
  public void execute(Runnable exchange) {
    if (!slots.tryAcquire()) {
      refused.increment();
      throw new RejectedExecutionException("too many exchanges at once");
    }
    start(exchange);
  }

  /// Where there is no memory for a thread, the connection is closed, and its slot is free.
  private void start(Runnable exchange) {
    try {
      Thread.startVirtualThread(() -> run(exchange));
    } catch (Error noRoom) {
      slots.release();
      throw noRoom;
    }
  }

  private void run(Runnable exchange) {
    try {
      runGuarded(exchange, new Guard(headerDeadline));
    } finally {
      slots.release();
    }
  }

  private void runGuarded(Runnable exchange, Guard guard) {
    guards.add(guard);
    try {
      guard.run(exchange);
    } finally {
      guard.end();
      guards.remove(guard);
    }
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOK);
        long now = System.nanoTime();
        look(now);
      }
    } catch (InterruptedException _) {
      // It is closed.
    }
  }

  /// An error, such as a want of memory, must not end the watch.
  private void look(long now) {
    try {
      guards.forEach(guard -> guard.look(now));
    } catch (Error _) {
      // It looks again soon.
    }
  }

  /// How many there are now.
  int open() {
    return most - slots.availablePermits();
  }

  /// How many were refused so far.
  long refused() {
    return refused.sum();
  }

  /// Waits until none is left, at most so long.
  void awaitNone(Duration patience) {
    try {
      if (slots.tryAcquire(most, patience.toNanos(), TimeUnit.NANOSECONDS)) {
        slots.release(most);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
