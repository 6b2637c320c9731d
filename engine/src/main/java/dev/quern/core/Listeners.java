package dev.quern.core;

import dev.quern.JobEvent;
import dev.quern.JobState;
import dev.quern.Transition;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
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

  /// How long closing waits for a listener to hear the rest.
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  /// After this there is nothing more to tell.
  private static final JobEvent END =
      new JobEvent(0, "", Transition.CLAIM, JobState.RUNNING, 0, Instant.EPOCH);

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  private record Listener(Scope scope, BlockingQueue<JobEvent> backlog, Thread thread) {}

  AutoCloseable add(Scope scope, Consumer<JobEvent> consumer) {
    BlockingQueue<JobEvent> backlog = new LinkedBlockingQueue<>(BACKLOG_LIMIT);
    Thread thread = Thread.startVirtualThread(() -> pump(backlog, consumer));
    Listener listener = new Listener(scope, backlog, thread);
    listeners.add(listener);
    return () -> remove(listener);
  }

  /// Tells until the end comes.
  private static void pump(BlockingQueue<JobEvent> backlog, Consumer<JobEvent> consumer) {
    try {
      for (JobEvent next = backlog.take(); next != END; next = backlog.take()) {
        tell(consumer, next);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private static void tell(Consumer<JobEvent> consumer, JobEvent event) {
    try {
      consumer.accept(event);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.WARNING, "a listener failed", e);
    }
  }

  private void remove(Listener listener) {
    if (listeners.remove(listener)) {
      while (!listener.backlog().offer(END)) {
        listener.backlog().poll();
      }
      awaitEnd(listener.thread());
    }
  }

  /// Waits until a listener has been told all, unless it is the one who asks.
  private static void awaitEnd(Thread thread) {
    try {
      if (Thread.currentThread() != thread) {
        thread.join(END_PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean empty() {
    return listeners.isEmpty();
  }

  void tell(List<Told> events) {
    for (Listener listener : listeners) {
      for (Told told : events) {
        if (listener.scope().sees(told.tenant())) {
          listener.backlog().offer(told.event());
        }
      }
    }
  }

  void close() {
    listeners.forEach(this::remove);
  }
}
