package dev.quern.bench;

import dev.quern.Backoff;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// Minutes (`-Dsoak.minutes`, default 2) of mixed load with a retention of 10 s: of a hundred jobs
/// 80 are plain, 10 delayed by a second, 5 with a dedupe key, 5 fail at their first attempt. 64
/// callers wait for each enqueue and 2 ms more. Each second is a value of every metric.
final class SoakBench implements Suite {
  private static final Callers CALLERS = new Callers(64, true);
  private static final Duration RETENTION = Duration.ofSeconds(10);
  private static final int PAUSE_MILLIS = 2;

  private final LongAdder handled = new LongAdder();
  private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();

  @Override
  public List<Measurement> measure(Effort effort, Scratch scratch) throws Exception {
    int seconds = effort.quick() ? 10 : 60 * Integer.getInteger("soak.minutes", 2);
    Path file = scratch.store();
    QuernConfig config =
        QuernConfig.DEFAULT.retention(Map.of(JobState.DONE, RETENTION, JobState.FAILED, RETENTION));
    try (Quern quern = Quern.open(file, config)) {
      quern.handle(Ping.KIND, Ping.class, (ping, _) -> plain(ping));
      quern.handle("delayed", Object.class, (_, _) -> handled.increment());
      quern.handle("failing", Object.class, (_, job) -> failing(job.attempt()));
      quern
          .kinds()
          .policy(
              "failing",
              policy -> policy.backoff(Backoff.exponential(RETENTION.dividedBy(10), RETENTION)));
      quern.start();
      return List.of(watch(quern, file, seconds));
    }
  }

  private void plain(Ping ping) {
    nanos.add(System.nanoTime() - ping.at());
    handled.increment();
  }

  private void failing(int attempt) {
    if (attempt == 1) {
      throw new IllegalStateException("the first attempt fails");
    }
    handled.increment();
  }

  private Measurement watch(Quern quern, Path file, int seconds) throws Exception {
    Thread load = Thread.ofPlatform().start(() -> load(quern));
    List<List<Reading>> rounds = new ArrayList<>();
    for (int i = 0; i < seconds; i++) {
      long before = handled.sum();
      long began = System.nanoTime();
      Thread.sleep(1_000);
      rounds.add(second(file, Rate.per(handled.sum() - before, System.nanoTime() - began)));
    }
    over.set(true);
    load.join();
    return Measurement.of("SoakBench.second", Map.of("retention", "10 s"), rounds);
  }

  private List<Reading> second(Path file, double rate) throws Exception {
    List<Long> taken = new ArrayList<>();
    for (Long each = nanos.poll(); each != null; each = nanos.poll()) {
      taken.add(each);
    }
    return List.of(
        new Reading("rate", "jobs/s", rate),
        new Reading("p99", "ms", Samples.of(taken).percentile(0.99) / 1e6),
        new Reading("heap", "MB", Heap.afterCollection() / 1e6),
        new Reading("wal", "MB", size(file.resolveSibling(file.getFileName() + "-wal"))),
        new Reading("file", "MB", size(file)));
  }

  /// Asks the file system; nothing but SQLite opens the file.
  private static double size(Path file) throws Exception {
    return Files.exists(file) ? Files.size(file) / 1e6 : 0;
  }

  private void load(Quern quern) {
    try {
      CALLERS.run(caller ->
          () -> {
            for (int i = caller; !over.get(); i += CALLERS.count()) {
              quern.enqueue(job(i));
              Thread.sleep(PAUSE_MILLIS);
            }
            return null;
          });
    } catch (Exception e) {
      throw new IllegalStateException("the load ended early", e);
    }
  }

  private static NewJob job(int number) {
    int kind = ThreadLocalRandom.current().nextInt(100);
    if (kind < 80) {
      return NewJob.of(Ping.KIND, Ping.now());
    }
    if (kind < 90) {
      return NewJob.json("delayed", "null").delay(Duration.ofSeconds(1));
    }
    return kind < 95
        ? NewJob.of(Ping.KIND, Ping.now()).dedupeKey("key:" + number % 1_000)
        : NewJob.json("failing", "null");
  }
}
