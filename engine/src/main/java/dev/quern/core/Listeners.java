package dev.quern.core;

import dev.quern.JobEvent;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/// Who wants to hear of transitions. Safe for use by several threads.
final class Listeners {
  private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

  /// How far a listener may be behind before it misses events.
  private static final int BACKLOG_LIMIT = 100_000;

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  private record Listener(BlockingQueue<JobEvent> backlog, Thread thread) {}

  AutoCloseable add(Consumer<JobEvent> consumer) {
    BlockingQueue<JobEvent> backlog = new LinkedBlockingQueue<>(BACKLOG_LIMIT);
    Thread thread = Thread.startVirtualThread(() -> pump(backlog, consumer));
    Listener listener = new Listener(backlog, thread);
    listeners.add(listener);
    return () -> remove(listener);
  }

  private static void pump(BlockingQueue<JobEvent> backlog, Consumer<JobEvent> consumer) {
    try {
      while (true) {
        tell(consumer, backlog.take());
      }
    } catch (InterruptedException _) {
      for (JobEvent rest = backlog.poll(); rest != null; rest = backlog.poll()) {
        tell(consumer, rest);
      }
    }
  }

  private static void tell(Consumer<JobEvent> consumer, JobEvent event) {
    try {
      consumer.accept(event);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "a listener failed", e);
    }
  }

  private void remove(Listener listener) {
    if (listeners.remove(listener)) {
      listener.thread().interrupt();
    }
  }

  boolean empty() {
    return listeners.isEmpty();
  }

  void tell(List<JobEvent> events) {
    for (Listener listener : listeners) {
      for (JobEvent event : events) {
        listener.backlog().offer(event);
      }
    }
  }

  void close() {
    listeners.forEach(this::remove);
  }
}
