package dev.quern.bench;

import java.util.ArrayList;
import java.util.List;

/// Drains of 10,000 jobs each by one engine that stays open. What was drained is enqueued anew, so
/// that as many are ready each time.
record Lap(DrainBench bench) implements AutoCloseable {
  static final int JOBS = 10_000;

  private static final int WARMUPS = 10;

  static Lap open(Scratch scratch, int ready) throws Exception {
    DrainBench bench = new DrainBench();
    bench.ready = ready;
    bench.drained = JOBS;
    bench.open(scratch.store());
    Lap lap = new Lap(bench);
    lap.run(WARMUPS);
    return lap;
  }

  /// The median rate of so many laps.
  List<Reading> run(int laps) throws InterruptedException {
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < laps; i++) {
      long began = System.nanoTime();
      long jobs = bench.drain();
      rates.add(Rate.per(jobs, System.nanoTime() - began));
      bench.quern().enqueueEach(Payloads.jobs(DrainBench.KIND, (int) jobs).stream());
    }
    return Rate.reading("jobs/s", Samples.median(rates));
  }

  @Override
  public void close() {
    bench.quern().close();
  }
}
