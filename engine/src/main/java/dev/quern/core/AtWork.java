package dev.quern.core;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The attempts of a pool whose slots are not free: the handler has not returned, or the end is not
/// durable. Safe for use by several threads.
final class AtWork {
  private final Map<LeaseTable.Running, Attempting> attempts = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> ofKind = new ConcurrentHashMap<>();

  void add(Attempting attempt) {
    // First what may need memory, so that no attempt is there and not counted.
    AtomicInteger count = of(attempt.kind());
    attempts.put(attempt.key(), attempt);
    count.incrementAndGet();
  }

  /// Takes one out, if it is still there.
  void remove(Attempting attempt) {
    if (attempts.remove(attempt.key(), attempt)) {
      of(attempt.kind()).decrementAndGet();
      if (attempts.isEmpty()) {
        tellIdle();
      }
    }
  }

  private AtomicInteger of(String kind) {
    return ofKind.computeIfAbsent(kind, _ -> new AtomicInteger());
  }

  /// The one that works on a claim.
  Optional<Attempting> find(LeaseTable.Running claim) {
    return Optional.ofNullable(attempts.get(claim));
  }

  Collection<Attempting> all() {
    return attempts.values();
  }

  int size() {
    return attempts.size();
  }

  int size(String kind) {
    return of(kind).get();
  }

  boolean empty() {
    return attempts.isEmpty();
  }

  private synchronized void tellIdle() {
    notifyAll();
  }

  /// Waits until there is none; returns whether that is so.
  synchronized boolean awaitNone(long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    while (!empty()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
