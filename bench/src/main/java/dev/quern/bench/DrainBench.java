package dev.quern.bench;

import dev.quern.JobState;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.AuxCounters;
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

/// Jobs through claim, a no-op handler on a virtual thread, and complete, at `synchronous=FULL`.
///
/// The clock runs from `start` until no handler is left in [Quern#running]: a slot is free only
/// when the end of its job is durable. Opening, filling and closing are not measured. Read the
/// secondary result `jobs`.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 1, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class DrainBench {
  static final String KIND = "noop";

  /// How long a short payload is.
  static final int PAYLOAD_BYTES = 12;

  private static final long LOOK_NANOS = 50_000;
  private static final int LIMIT_SECONDS = 120;

  /// How many handlers run at once.
  @Param({"16", "256", "1000"})
  public int concurrency = 256;

  /// How long a payload is, about.
  @Param({"12"})
  public int payloadBytes = PAYLOAD_BYTES;

  /// How many jobs are ready.
  @Param({"100000"})
  public int ready = 100_000;

  /// How many of them are drained.
  @Param({"100000"})
  public int drained = 100_000;

  private Scratch scratch;
  private Quern quern;
  private final LongAdder handled = new LongAdder();
  private volatile CountDownLatch left = new CountDownLatch(0);

  /// Counts jobs for JMH.
  @State(Scope.Thread)
  @AuxCounters
  public static class Count {
    /// Jobs that are done.
    public long jobs;
  }

  /// Fills a new store.
  @Setup(Level.Invocation)
  public void fill() throws IOException, SQLException {
    scratch = Scratch.create();
    open(scratch.store());
  }

  void open(Path file) throws SQLException {
    Filler.ready(file, KIND, ready, Payloads.of(payloadBytes));
    quern = Quern.open(file, QuernConfig.DEFAULT.concurrency(concurrency));
    quern.handle(KIND, Object.class, (_, _) -> handled());
  }

  private void handled() {
    handled.increment();
    left.countDown();
  }

  /// Drains it.
  @Benchmark
  public void drain(Count count) throws InterruptedException {
    count.jobs += drain();
  }

  /// Drains at least so many jobs as it should; returns how many it did.
  long drain() throws InterruptedException {
    handled.reset();
    left = new CountDownLatch(drained);
    quern.start();
    if (!left.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          left.getCount() + " of " + drained + " jobs were not handled");
    }
    quern.stop();
    while (!quern.running().isEmpty()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return handled.sum();
  }

  /// How many handlers have run since the last drain began.
  long handledSoFar() {
    return handled.sum();
  }

  /// How many jobs are done in the store.
  long done() {
    return quern.jobs().counts().of(KIND, JobState.DONE);
  }

  Quern quern() {
    return quern;
  }

  /// Removes it.
  @TearDown(Level.Invocation)
  public void remove() throws IOException {
    quern.close();
    scratch.close();
  }
}
