package dev.quern.history;

import dev.quern.Backoff;
import dev.quern.JobContext;
import dev.quern.JobDeferredException;
import dev.quern.Quern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;

/// Threads that call an engine all at once, and write down when they called and what they heard.
final class Clients {
  /// The kind that handlers work on.
  static final String HANDLED = "auto";

  static final String BY_HAND = "hand";

  /// The kind with dedupe keys, which is read as a whole.
  static final String KEYED = "desk";

  static final int THREADS = 6;
  private static final int RECENT = 64;

  private final Quern quern;
  private final Path file;
  private final AtomicLong order = new AtomicLong();
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final AtomicLongArray recent = new AtomicLongArray(RECENT);
  private final AtomicInteger enqueued = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  Clients(Quern quern, Path file) {
    this.quern = quern;
    this.file = file;
    var soon = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), false);
    for (String kind : List.of(HANDLED, BY_HAND, KEYED)) {
      quern.kinds().policy(kind, policy -> policy.backoff(soon));
    }
    quern.handle(HANDLED, Integer.class, (act, context) -> handle(act, context)).start();
  }

  /// Makes about so many calls; returns all, and those of the handlers.
  List<Call> run(long seed, int count) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Client client = new Client(this, quern, i, new SplittableRandom(seed + i));
        ends.add(threads.submit(() -> client.run(count / THREADS)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    quern.close();
    return List.copyOf(calls);
  }

  /// How many calls ended with an exception.
  int refused() {
    return refused.get();
  }

  private void handle(int act, JobContext context) {
    long job = context.jobId();
    long fence = context.fence();
    calls.add(new Call(-1, order.incrementAndGet(), new Call.Claim(job, fence)));
    boolean fails = act % 4 == 0;
    boolean defers = act % 4 == 1 && fence < 4;
    List<String> states =
        fails
            ? List.of("scheduled", "failed", "cancelled")
            : defers ? List.of("scheduled", "cancelled") : List.of("done");
    Call.End end = new Call.End(job, fence, states, true);
    calls.add(new Call(order.incrementAndGet(), Call.NEVER, end));
    if (fails) {
      throw new IllegalStateException("no");
    } else if (defers) {
      throw new JobDeferredException(Duration.ZERO, "again");
    }
  }

  /// The next place among all begins and answers.
  long tick() {
    return order.incrementAndGet();
  }

  void keep(Call call) {
    calls.add(call);
  }

  void refuse() {
    refused.incrementAndGet();
  }

  void enqueued(long job) {
    recent.set(Math.floorMod(enqueued.getAndIncrement(), RECENT), job);
  }

  /// One of the last jobs.
  long recent(RandomGenerator random) {
    return Math.max(1, recent.get(random.nextInt(RECENT)));
  }

  Path file() {
    return file;
  }
}
