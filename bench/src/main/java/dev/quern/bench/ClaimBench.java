package dev.quern.bench;

import dev.quern.ClaimRequest;
import dev.quern.Lease;
import dev.quern.NewJob;
import dev.quern.Quern;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Claims by hand, one durable commit each, at `synchronous=FULL`: in an empty store, and in one
/// that holds a million jobs in each of three states that a claim must not notice: scheduled, done,
/// and ready of a kind that is not served.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class ClaimBench {
  private static final int BULK = 10_000;

  @Param({"1", "100"})
  int limit;

  @Param({"0", "1000000"})
  int others;

  private Path directory;
  private Quern quern;
  private ClaimRequest request;
  private List<NewJob> jobs;
  private List<Lease> leases = List.of();

  /// Opens the store and adds the other jobs.
  @Setup(Level.Trial)
  public void open() throws IOException, InterruptedException {
    directory = Bench.directory();
    quern = Quern.open(directory.resolve("quern.db"));
    request = ClaimRequest.of("claimed").limit(limit);
    jobs = Bench.jobs("claimed", limit);
    addOthers();
  }

  private void addOthers() throws InterruptedException {
    List<NewJob> unserved = Bench.jobs("unserved", BULK);
    List<NewJob> scheduled = unserved.stream().map(job -> job.delay(Duration.ofDays(1))).toList();
    CountDownLatch ended = new CountDownLatch(others);
    for (int i = 0; i < others; i += BULK) {
      quern.enqueueAll(unserved);
      quern.enqueueAll(scheduled);
      quern.enqueueAll(Bench.jobs("ended", BULK));
    }
    quern.handle("ended", Object.class, (_, _) -> ended.countDown());
    quern.start();
    ended.await();
  }

  /// Adds what the next claim takes, and completes what the last one took.
  @Setup(Level.Invocation)
  public void add() {
    leases.forEach(Lease::complete);
    quern.enqueueAll(jobs);
  }

  /// Claims.
  @Benchmark
  public List<Lease> claim() {
    leases = quern.claim(request);
    return leases;
  }

  /// Closes and removes the store.
  @TearDown(Level.Trial)
  public void close() throws IOException {
    quern.close();
    Bench.delete(directory);
  }
}
