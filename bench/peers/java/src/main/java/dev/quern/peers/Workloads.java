package dev.quern.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Measures one peer, each workload on a new store. `node/harness.mjs` does the same.
final class Workloads {
  private static final String PER_SECOND = "jobs/s";

  /// Latencies that are not counted: the first ones load classes and open connections.
  private static final int UNCOUNTED = 5;

  private final Peer peer;
  private final Plan plan;
  private final Path directory;
  private final List<Run> firsts = new ArrayList<>();
  private final List<Run> singles = new ArrayList<>();
  private final List<Run> bulks = new ArrayList<>();
  private final List<Run> drains = new ArrayList<>();
  private int stores;

  Workloads(Peer peer, Plan plan, Path directory) {
    this.peer = peer;
    this.plan = plan;
    this.directory = directory;
  }

  Measured measure() throws Exception {
    warmUp();
    for (int i = 0; i < plan.rounds(); i++) {
      enqueueOne();
      bulkAndDrain(plan.drainLimit());
    }
    List<Row> rows = new ArrayList<>();
    rows.add(new Row("enqueue-one-new-store", PER_SECOND, firsts));
    rows.add(new Row("enqueue-one", PER_SECOND, singles));
    rows.add(new Row("enqueue-bulk", PER_SECOND, bulks));
    rows.add(new Row("drain", PER_SECOND, drains));
    rows.addAll(latency());
    return new Measured(peer.facts(), rows);
  }

  private void warmUp() throws Exception {
    long end = System.nanoTime() + plan.warmUpLimit().toNanos();
    for (int i = 0; i < Plan.WARM_UPS && System.nanoTime() < end; i++) {
      enqueueOne();
      bulkAndDrain(plan.warmUpLimit());
    }
    Stream.of(firsts, singles, bulks, drains).forEach(List::clear);
  }

  private void enqueueOne() throws Exception {
    open();
    firsts.add(singles(0));
    singles.add(singles(plan.singles()));
    peer.close();
  }

  /// Enqueues one job after the other, with ids from `from` on.
  private Run singles(int from) throws Exception {
    long start = System.nanoTime();
    long end = start + plan.singlesLimit().toNanos();
    int done = 0;
    while (done < plan.singles() && System.nanoTime() < end) {
      peer.enqueue(Payload.of(from + done++));
    }
    return Run.of(rate(done, start, System.nanoTime()));
  }

  private void bulkAndDrain(Duration limit) throws Exception {
    open();
    bulks.add(bulk());
    drains.add(drain(limit));
    peer.close();
  }

  private Run bulk() throws Exception {
    List<Payload> payloads = Payload.upTo(plan.jobs());
    long start = System.nanoTime();
    peer.enqueueAll(payloads);
    return Run.of(rate(plan.jobs(), start, System.nanoTime()));
  }

  private Run drain(Duration limit) throws Exception {
    Handled handled = new Handled(plan.jobs());
    long start = System.nanoTime();
    peer.start(handled);
    if (!handled.await(limit)) {
      return unfinished(handled, start);
    }
    Double rate = rate(plan.jobs(), start, handled.last());
    boolean all = awaitRecorded(plan.patience());
    Double recorded = all ? rate(plan.jobs(), start, System.nanoTime()) : null;
    String note = all ? "" : peer.unended() + " jobs handled, but no end in the store";
    return new Run(rate, recorded, handled.duplicates(), note);
  }

  private static Run unfinished(Handled handled, long start) {
    Double rate = rate(handled.jobs(), start, System.nanoTime());
    String note = "stopped by the clock with %,d jobs handled".formatted(handled.jobs());
    return new Run(rate, null, handled.duplicates(), note);
  }

  private boolean awaitRecorded(Duration limit) throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    while (peer.unended() > 0) {
      if (System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(1_000_000);
    }
    return true;
  }

  /// On a store in use: as many jobs as in `enqueue-one` went through it before.
  private List<Row> latency() throws Exception {
    open();
    singles(0);
    int from = plan.singles();
    int count = UNCOUNTED + plan.samples();
    Handled handled = new Handled(from + count);
    peer.start(handled);
    awaitRecorded(plan.drainLimit());
    long[] called = enqueueWithPauses(from, count);
    awaitRecorded(plan.patience());
    double[] millis =
        IntStream.range(UNCOUNTED, count)
            .filter(i -> handled.at(from + i) != 0)
            .mapToDouble(i -> (handled.at(from + i) - called[i]) / 1e6)
            .sorted()
            .toArray();
    peer.close();
    return List.of(percentile(millis, 50), percentile(millis, 99));
  }

  /// Does not wait for the handlers: else the pauses would be in step with a poll.
  private long[] enqueueWithPauses(int from, int count) throws Exception {
    Random random = new Random(42);
    long[] called = new long[count];
    Thread.sleep(1_000);
    for (int i = 0; i < count; i++) {
      Thread.sleep((long) (plan.pause().toMillis() * (0.5 + random.nextDouble())));
      called[i] = System.nanoTime();
      peer.enqueue(Payload.of(from + i));
    }
    return called;
  }

  private Row percentile(double[] millis, int percent) {
    int missing = plan.samples() - millis.length;
    String note = missing == 0 ? "" : missing + " of the jobs were not handled in time";
    Double value = millis.length == 0 ? null : nearestRank(millis, percent);
    return new Row("latency-idle-p" + percent, "ms", List.of(Run.of(value, note)));
  }

  private static Double nearestRank(double[] sorted, int percent) {
    return sorted[(int) Math.ceil(sorted.length * percent / 100.0) - 1];
  }

  private void open() throws Exception {
    peer.open(Files.createDirectory(directory.resolve("store-" + stores++)));
  }

  private static Double rate(int jobs, long start, long end) {
    return jobs / ((end - start) / 1e9);
  }
}
