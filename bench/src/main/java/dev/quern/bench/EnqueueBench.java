package dev.quern.bench;

import java.io.IOException;
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

/// Jobs enqueued by callers that wait until they are durable, at `synchronous=FULL`, into a new
/// store each time. JMH's own score includes opening and closing it; read the secondary result
/// `jobs`, which does not.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 1, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class EnqueueBench {
  /// Who enqueues, and how.
  @Param public Enqueuing callers;

  /// Whether each job has a dedupe key.
  @Param({"false", "true"})
  public boolean keyed;

  private Scratch scratch;

  /// Makes a directory.
  @Setup(Level.Invocation)
  public void make() throws IOException {
    scratch = Scratch.create();
  }

  /// Enqueues.
  @Benchmark
  public void enqueue(JobCount count) throws Exception {
    long began = System.nanoTime();
    count.add(callers.run(scratch.store(), callers.usualJobs(), keyed), began);
  }

  /// Removes it.
  @TearDown(Level.Invocation)
  public void remove() throws IOException {
    scratch.close();
  }
}
