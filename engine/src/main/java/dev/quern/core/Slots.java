package dev.quern.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/// The slots of a pool: so many handlers are at work at once, each on a virtual thread of its own.
/// Jobs that were claimed ahead of free slots wait here until a handler returns. Safe for use by
/// several threads.
final class Slots {
  private final Semaphore free;
  private final Queue<Attempting> waiting = new ConcurrentLinkedQueue<>();

  Slots(int concurrency) {
    free = new Semaphore(concurrency);
  }

  /// Starts attempts, or lets them wait. To start many is left to a virtual thread: the one that
  /// writes has better things to do.
  void add(List<Attempting> attempts) {
    waiting.addAll(attempts);
    if (attempts.size() == 1) {
      fill();
    } else if (!attempts.isEmpty()) {
      Thread.startVirtualThread(this::fill);
    }
  }

  /// Takes note that a handler has returned.
  void freed() {
    free.release();
    fill();
  }

  /// Whoever finds the last slot taken may leave: who gives it back looks again.
  private void fill() {
    while (!waiting.isEmpty() && free.tryAcquire()) {
      Attempting next = waiting.poll();
      if (next == null) {
        free.release();
      } else {
        launch(next);
      }
    }
  }

  /// Where there is no memory for a thread, the attempt goes on waiting.
  private void launch(Attempting next) {
    try {
      next.ending().launched(true);
      Thread.startVirtualThread(next);
    } catch (Error noRoom) {
      next.ending().launched(false);
      free.release();
      waiting.add(next);
      throw noRoom;
    }
  }

  /// Takes out the attempts that have waited since before `claimedAt`, in epoch milliseconds, and
  /// for which there is no slot; they will not be started.
  List<Attempting> takeStale(long claimedAt) {
    Attempting first = waiting.peek();
    if (first == null || first.claimedAt() >= claimedAt) {
      return List.of();
    }
    fill();
    return take(attempt -> attempt.claimedAt() < claimedAt);
  }

  /// Takes out all that wait; they will not be started.
  List<Attempting> takeAll() {
    return take(_ -> true);
  }

  private List<Attempting> take(Predicate<Attempting> which) {
    List<Attempting> taken = new ArrayList<>();
    for (Attempting attempt : waiting) {
      if (which.test(attempt) && waiting.remove(attempt)) {
        taken.add(attempt);
      }
    }
    return taken;
  }
}
