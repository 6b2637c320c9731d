package dev.quern.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/// An application's own write transactions on the same file while the engine drains at full speed:
/// `begin immediate`, one insert into a table of its own, `commit`, a hundred times a second, on a
/// connection of its own with a busy timeout of 10 s. And what the engine loses by them.
final class NeighbourBench implements Suite {
  private static final int WARM_MILLIS = 1_200;
  private static final int PAUSE_MILLIS = 10;

  private Scratch scratch;
  private long spanNanos;
  private int jobs;

  @Override
  public List<Measurement> measure(Effort effort, Scratch scratch) throws Exception {
    this.scratch = scratch;
    spanNanos = effort.pick(2, 8) * 1_000_000_000L;
    jobs = effort.pick(1_000_000, 2_500_000);
    return new Rounds(0, effort.pick(1, 5))
        .add("NeighbourBench.alone", Map.of(), () -> drain(false))
        .add("NeighbourBench.together", Map.of(), () -> drain(true))
        .run();
  }

  private List<Reading> drain(boolean together) throws Exception {
    DrainBench bench = new DrainBench();
    bench.ready = jobs;
    bench.drained = 1;
    Path file = scratch.store();
    bench.open(file);
    try (var quern = bench.quern();
        Connection application = application(file)) {
      quern.start();
      Thread.sleep(WARM_MILLIS);
      return measured(bench, application, together);
    } finally {
      Scratch.delete(file.getParent());
    }
  }

  /// The rate is of the span alone, however long the last transaction of the application waits: at
  /// worst until no job is left.
  private List<Reading> measured(DrainBench bench, Connection application, boolean together)
      throws Exception {
    CompletableFuture<Double> rate = CompletableFuture.supplyAsync(() -> rate(bench));
    List<Reading> latencies =
        together ? Samples.of(transactions(application)).latencies() : List.of();
    List<Reading> readings = new ArrayList<>(Rate.reading("jobs/s", rate.join()));
    readings.addAll(latencies);
    return readings;
  }

  private double rate(DrainBench bench) {
    long before = bench.handledSoFar();
    long began = System.nanoTime();
    LockSupport.parkNanos(spanNanos);
    double rate = Rate.per(bench.handledSoFar() - before, System.nanoTime() - began);
    if (bench.handledSoFar() >= jobs) {
      throw new IllegalStateException("the jobs ran out: drained " + jobs);
    }
    return rate;
  }

  private List<Long> transactions(Connection application) throws Exception {
    List<Long> nanos = new ArrayList<>();
    for (long end = System.nanoTime() + spanNanos; System.nanoTime() < end; ) {
      long began = System.nanoTime();
      Pragmas.run(application, "begin immediate");
      Pragmas.run(application, "insert into application (text) values ('something')");
      Pragmas.run(application, "commit");
      nanos.add(System.nanoTime() - began);
      Thread.sleep(PAUSE_MILLIS);
    }
    return nanos;
  }

  private static Connection application(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    Pragmas.run(connection, "pragma busy_timeout = 10000");
    Pragmas.run(connection, "pragma synchronous = full");
    Pragmas.run(connection, "create table application (id integer primary key, text text)");
    return connection;
  }
}
