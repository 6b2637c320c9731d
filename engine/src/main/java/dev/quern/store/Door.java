package dev.quern.store;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/// Where callers queue for the [Writer]. Bounded in requests and bytes: whoever comes when it is
/// full waits outside. Any thread may enter; one thread takes.
final class Door {
  /// What all waiting requests may weigh, in KiB; each weighs at least 1.
  private static final int ROOM_KIB = 64 << 10;

  private final ConcurrentLinkedQueue<Request<?, ?>> queue = new ConcurrentLinkedQueue<>();
  private final Semaphore room = new Semaphore(ROOM_KIB);
  private volatile Thread sleeper;

  void enter(Request<?, ?> request) {
    room.acquireUninterruptibly(weight(request));
    queue.add(request);
    wake();
  }

  /// Lets in a request of whoever takes, who cannot wait for itself to make room.
  void enterAtOnce(Request<?, ?> request) {
    request.beWeightless();
    queue.add(request);
    wake();
  }

  boolean empty() {
    return queue.isEmpty();
  }

  /// Takes who is waiting, up to a batch, and adds them to `taken`, which is empty. Whoever leaves
  /// the queue is among them, whatever happens.
  void take(List<Request<?, ?>> taken, int rowsLimit, int bytesLimit) {
    int rows = 0;
    int bytes = 0;
    int weight = 0;
    try {
      for (Request<?, ?> next = queue.peek(); next != null; next = queue.peek()) {
        rows += next.rows();
        bytes += next.bytes();
        if (!taken.isEmpty() && (rows > rowsLimit || bytes > bytesLimit)) {
          break;
        }
        taken.add(next);
        queue.poll();
        weight += weight(next);
      }
    } finally {
      room.release(weight);
    }
  }

  /// Sleeps until someone enters or the time is up. An interrupt, which is not meant for this
  /// thread, would end every sleep at once.
  void sleep(long nanos) {
    Thread.interrupted();
    sleeper = Thread.currentThread();
    if (queue.isEmpty()) {
      LockSupport.parkNanos(this, nanos);
    }
    sleeper = null;
  }

  /// Ends a sleep early.
  void wake() {
    Thread waiting = sleeper;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  private static int weight(Request<?, ?> request) {
    return request.weightless() ? 0 : Math.min(ROOM_KIB, 1 + (request.bytes() >> 10));
  }
}
