package dev.quern.bench;

import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;

/// From just before the call that enqueues to the first instruction of the handler.
///
/// Idle: one job at a time, with pauses of 3 to 13 ms, so that the engine has gone to sleep. Beside
/// each job, after the same pause, a bare insert in auto-commit mode in another file of the same
/// directory: one durable commit.
final class LatencyBench implements Suite {
  private static final int WARMUPS = 100;

  /// Jobs one after the other before anything is measured, so that the code is compiled: the last
  /// compiler takes what has been called some ten thousand times.
  private static final int COMPILED = 40_000;

  private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();

  @Override
  public List<Measurement> measure(Effort effort, Scratch scratch) throws Exception {
    int samples = effort.pick(200, 3_000);
    Path file = scratch.store();
    List<Measurement> all = new ArrayList<>();
    try (Quern quern = open(file)) {
      warmUp(quern);
      all.addAll(idle(quern, scratch.store(), samples));
      all.addAll(inTransaction(quern, file, samples));
      all.add(fromAnotherProcess(file, samples));
    }
    all.addAll(new HalfLoad(effort).measure(scratch.store()));
    return all;
  }

  private Quern open(Path file) {
    Quern quern = Quern.open(file, QuernConfig.DEFAULT);
    quern.handle(Ping.KIND, Ping.class, (ping, _) -> nanos.add(System.nanoTime() - ping.at()));
    return quern.start();
  }

  private void warmUp(Quern quern) throws Exception {
    for (int i = 0; i < COMPILED; i++) {
      quern.enqueue(NewJob.of(Ping.KIND, Ping.now()));
    }
    while (nanos.size() < COMPILED) {
      Thread.sleep(1);
    }
    nanos.clear();
  }

  private List<Measurement> idle(Quern quern, Path other, int samples) throws Exception {
    Quern.open(other).close();
    List<Long> inserts = new ArrayList<>();
    try (FloorTable table = new FloorTable(Pragmas.connect(other), Ping.KIND)) {
      for (int i = 0; i < COMPILED; i++) {
        table.insertOne(Floor.payload(i));
      }
      for (int i = 0; i < samples + WARMUPS; i++) {
        pause();
        quern.enqueue(NewJob.of(Ping.KIND, Ping.now()));
        pause();
        long began = System.nanoTime();
        table.insertOne(Floor.payload(i));
        inserts.add(System.nanoTime() - began);
      }
    }
    return List.of(
        measurement("idle", taken(samples)),
        measurement("insert", Samples.of(inserts.subList(WARMUPS, inserts.size()))));
  }

  /// In the caller's own transaction; the clock starts just before `commit`, and for the second
  /// figure when it has returned.
  private List<Measurement> inTransaction(Quern quern, Path file, int samples) throws Exception {
    List<Long> returned = new ArrayList<>();
    List<Long> handled = new ArrayList<>();
    try (Connection connection = Pragmas.neighbour(file)) {
      connection.setAutoCommit(false);
      for (int i = 0; i < samples; i++) {
        pause();
        Ping ping = Ping.now();
        quern.enqueue(connection, NewJob.of(Ping.KIND, ping));
        long began = System.nanoTime();
        connection.commit();
        long committed = System.nanoTime();
        long started = ping.at() + next();
        handled.add(started - began);
        returned.add(Math.max(0, started - committed));
      }
    }
    return List.of(
        measurement("ownTransaction", Samples.of(handled)),
        measurement("ownTransactionAfterCommit", Samples.of(returned)));
  }

  private long next() throws InterruptedException {
    while (nanos.isEmpty()) {
      Thread.sleep(1);
    }
    return nanos.remove();
  }

  private Measurement fromAnotherProcess(Path file, int samples) throws Exception {
    Fork.output(LatencyCaller.class, file.toString(), Integer.toString(samples + WARMUPS));
    return measurement("otherProcess", taken(samples));
  }

  /// The last so many, when all have come in.
  private Samples taken(int samples) throws InterruptedException {
    while (nanos.size() < samples + WARMUPS) {
      Thread.sleep(1);
    }
    List<Long> all = List.copyOf(nanos);
    nanos.clear();
    return Samples.of(all.subList(all.size() - samples, all.size()));
  }

  static void pause() throws InterruptedException {
    Thread.sleep(3, ThreadLocalRandom.current().nextInt(1_000_000));
    Thread.sleep(ThreadLocalRandom.current().nextInt(10));
  }

  static Measurement measurement(String method, Samples samples) {
    return Measurement.of("LatencyBench." + method, Map.of(), List.of(samples.latencies()));
  }
}
