package dev.quern.bench;

import java.io.IOException;
import java.sql.SQLException;
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

/// Straight JDBC on one thread without an engine, on Quern's schema, indexes and pragmas: what an
/// engine can at best reach. The secondary result `jobs` is the figure.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 1, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class FloorBench {
  static final int ROWS = 100_000;

  /// How many rows a commit has.
  @Param({"256", "1000"})
  public int batch;

  private Scratch scratch;

  /// Makes a directory.
  @Setup(Level.Invocation)
  public void make() throws IOException {
    scratch = Scratch.create();
  }

  /// Inserts with a JDBC batch.
  @Benchmark
  public void insertBatch(JobCount count) throws IOException, SQLException {
    insert(count, FloorTable.Insert.BATCH);
  }

  /// Inserts with 50 rows in each `values`.
  @Benchmark
  public void insertRows(JobCount count) throws IOException, SQLException {
    insert(count, FloorTable.Insert.ROWS);
  }

  /// Inserts from a JSON array.
  @Benchmark
  public void insertSet(JobCount count) throws IOException, SQLException {
    insert(count, FloorTable.Insert.SET);
  }

  private void insert(JobCount count, FloorTable.Insert form) throws IOException, SQLException {
    long began = System.nanoTime();
    count.add(Floor.insert(scratch.store(), form, batch, ROWS), began);
  }

  /// Claims in sets and completes with a JDBC batch.
  @Benchmark
  public void drainBatch(JobCount count) throws IOException, SQLException {
    drain(count, FloorTable.Complete.BATCH);
  }

  /// Claims and completes in sets.
  @Benchmark
  public void drainSet(JobCount count) throws IOException, SQLException {
    drain(count, FloorTable.Complete.SET);
  }

  /// Claims and completes ranges of ids.
  @Benchmark
  public void drainRange(JobCount count) throws IOException, SQLException {
    drain(count, FloorTable.Complete.RANGE);
  }

  private void drain(JobCount count, FloorTable.Complete form) throws IOException, SQLException {
    long began = System.nanoTime();
    count.add(Floor.drain(scratch.store(), form, batch, ROWS), began);
  }

  /// Removes it.
  @TearDown(Level.Invocation)
  public void remove() throws IOException {
    scratch.close();
  }
}
