package dev.quern.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// An application's own write transactions on the same file while the engine drains at full speed:
/// `begin immediate`, one insert into a table of its own, `commit`, a hundred times a second, on a
/// connection of its own with a busy timeout of 10 s; and the same every 1.2 s, when the engine no
/// longer expects it at each moment. And what the engine loses by them.
final class NeighbourBench implements Suite {
  private static final int WARM_MILLIS = 1_200;
  private static final int NEVER = 0;
  private static final int OFTEN_MILLIS = 10;
  private static final int SELDOM_MILLIS = 1_200;

  private Scratch scratch;

  @Override
  public List<Measurement> measure(Effort effort, Scratch scratch) throws Exception {
    this.scratch = scratch;
    Span brief = new Span(effort.pick(2, 8), effort.pick(1_000_000, 2_500_000));
    Span lengthy = new Span(effort.pick(6, 24), effort.pick(1_800_000, 7_000_000));
    List<Measurement> all = new ArrayList<>();
    all.addAll(
        new Rounds(0, effort.pick(1, 5))
            .add("NeighbourBench.alone", Map.of(), () -> drain(brief, NEVER))
            .add("NeighbourBench.together", Map.of(), () -> drain(brief, OFTEN_MILLIS))
            .run());
    all.addAll(
        new Rounds(0, effort.pick(1, 2))
            .add("NeighbourBench.seldom", Map.of(), () -> drain(lengthy, SELDOM_MILLIS))
            .run());
    return all;
  }

  /// How long to look, and how many jobs are enough for that.
  private record Span(int seconds, int jobs) {
    long nanos() {
      return TimeUnit.SECONDS.toNanos(seconds);
    }
  }

  private List<Reading> drain(Span span, int pauseMillis) throws Exception {
    DrainBench bench = new DrainBench();
    bench.ready = span.jobs();
    bench.drained = 1;
    Path file = scratch.store();
    bench.open(file);
    try (var quern = bench.quern();
        Connection application = application(file)) {
      quern.start();
      Thread.sleep(WARM_MILLIS);
      return measured(bench, application, span, pauseMillis);
    } finally {
      Scratch.delete(file.getParent());
    }
  }

  /// The rate is of the span alone, however long the last transaction of the application waits: at
  /// worst until no job is left.
  private static List<Reading> measured(
      DrainBench bench, Connection application, Span span, int pauseMillis) throws Exception {
    CompletableFuture<Double> rate = CompletableFuture.supplyAsync(() -> rate(bench, span));
    List<Reading> latencies =
        pauseMillis == NEVER
            ? List.of()
            : Samples.of(transactions(application, span, pauseMillis)).latencies();
    List<Reading> readings = new ArrayList<>(Rate.reading("jobs/s", rate.join()));
    readings.addAll(latencies);
    return readings;
  }

  private static double rate(DrainBench bench, Span span) {
    long before = bench.handledSoFar();
    long began = System.nanoTime();
    LockSupport.parkNanos(span.nanos());
    double rate = Rate.per(bench.handledSoFar() - before, System.nanoTime() - began);
    if (bench.handledSoFar() >= span.jobs()) {
      throw new IllegalStateException("the jobs ran out: drained " + span.jobs());
    }
    return rate;
  }

  private static List<Long> transactions(Connection application, Span span, int pauseMillis)
      throws Exception {
    List<Long> nanos = new ArrayList<>();
    for (long end = System.nanoTime() + span.nanos(); System.nanoTime() < end; ) {
      Thread.sleep(pauseMillis);
      long began = System.nanoTime();
      Pragmas.run(application, "begin immediate");
      Pragmas.run(application, "insert into application (text) values ('something')");
      Pragmas.run(application, "commit");
      nanos.add(System.nanoTime() - began);
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
