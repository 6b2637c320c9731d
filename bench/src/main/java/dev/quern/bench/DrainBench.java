package dev.quern.bench;

import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Jobs a second through claim, a no-op handler on a virtual thread, and complete, all at
/// `synchronous=FULL`. One measurement drains 200,000 jobs.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 1, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 2, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class DrainBench {
  private static final int JOBS = 200_000;

  @Param({"256", "1000"})
  int concurrency;

  private Path directory;
  private Quern quern;
  private CountDownLatch handled;

  /// Fills a new store.
  @Setup(Level.Invocation)
  public void fill() throws IOException {
    directory = Bench.directory();
    quern = Quern.open(directory.resolve("quern.db"), QuernConfig.DEFAULT.concurrency(concurrency));
    for (int i = 0; i < JOBS; i += 10_000) {
      quern.enqueueAll(Bench.jobs("noop", 10_000));
    }
    handled = new CountDownLatch(JOBS);
    quern.handle("noop", Object.class, (_, _) -> handled.countDown());
  }

  /// Drains it.
  @Benchmark
  @OperationsPerInvocation(JOBS)
  public void drain() throws InterruptedException {
    quern.start();
    handled.await();
    quern.close();
  }

  /// Removes it.
  @TearDown(Level.Invocation)
  public void remove() throws IOException {
    Bench.delete(directory);
  }
}
