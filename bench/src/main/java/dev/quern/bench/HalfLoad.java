package dev.quern.bench;

import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Latency while half of what is possible goes through. What is possible is measured first: 256
/// callers that enqueue as fast as they can into an engine that runs their jobs. Then as many
/// callers enqueue half as much, each at its own steady pace.
final class HalfLoad {
  private static final int CALLERS = 256;

  private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
  private final long spanNanos;

  HalfLoad(Effort effort) {
    spanNanos = effort.pick(2, 10) * 1_000_000_000L;
  }

  List<Measurement> measure(Path file) throws Exception {
    QuernConfig config = QuernConfig.DEFAULT.concurrency(CALLERS);
    try (Quern quern = Quern.open(file, config)) {
      quern.handle(Ping.KIND, Ping.class, (ping, _) -> nanos.add(System.nanoTime() - ping.at()));
      quern.start();
      callers(quern, 0);
      double full = callers(quern, 0);
      double half = callers(quern, (long) (2 * CALLERS * 1e9 / full));
      return List.of(
          rate("fullLoad", full),
          rate("halfLoadRate", half),
          LatencyBench.measurement("halfLoad", Samples.of(nanos)));
    }
  }

  private static Measurement rate(String method, double rate) {
    return Measurement.of("LatencyBench." + method, Map.of(), new Reading("rate", "jobs/s", rate));
  }

  /// Enqueues for a while; returns how many jobs a second were handled.
  private double callers(Quern quern, long intervalNanos) throws Exception {
    awaitQuiet(quern);
    nanos.clear();
    long taken = new Callers(CALLERS, true).run(caller -> () -> call(quern, caller, intervalNanos));
    awaitQuiet(quern);
    return Rate.per(nanos.size(), taken);
  }

  /// Callers begin one after the other within an interval; one that is late skips nothing, but does
  /// not hurry either.
  private Object call(Quern quern, int caller, long intervalNanos) throws InterruptedException {
    long end = System.nanoTime() + spanNanos;
    long next = System.nanoTime() + intervalNanos * caller / CALLERS;
    while (System.nanoTime() < end) {
      sleepUntil(next);
      quern.enqueue(NewJob.of(Ping.KIND, Ping.now()));
      next = Math.max(next + intervalNanos, System.nanoTime());
    }
    return null;
  }

  private static void sleepUntil(long nanoTime) throws InterruptedException {
    long left = nanoTime - System.nanoTime();
    if (left > 0) {
      Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
    }
  }

  private static void awaitQuiet(Quern quern) throws InterruptedException {
    while (quern.jobs().counts().byKind().values().stream()
        .flatMap(states -> states.keySet().stream())
        .anyMatch(dev.quern.JobState::live)) {
      Thread.sleep(5);
    }
  }
}
