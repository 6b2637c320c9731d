package dev.quern.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The engine's drain in turn with straight JDBC and with the C program, all at the batch size that
/// the engine has; then payloads, concurrency and backlogs against each other.
final class DrainSuite implements Suite {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int SHORT = DrainBench.PAYLOAD_BYTES;
  private static final List<Integer> PAYLOADS = List.of(1_024, 65_536);
  private static final int LAP = Lap.JOBS;
  private static final int BACKLOG = 1_000_000;

  private Effort effort;
  private Scratch scratch;

  @Override
  public List<Measurement> measure(Effort effort, Scratch scratch) throws Exception {
    this.effort = effort;
    this.scratch = scratch;
    List<Measurement> all = new ArrayList<>();
    int batch = (int) Math.round(BatchProbe.drain(256));
    all.add(
        Measurement.of(
            "BatchProbe.drain",
            Map.of("concurrency", "256"),
            new Reading("members", "jobs/commit", batch)));
    all.addAll(againstFloor(batch));
    all.addAll(concurrencies());
    all.addAll(backlogs());
    return all;
  }

  private List<Measurement> againstFloor(int batch) throws Exception {
    int jobs = effort.pick(80_000, 200_000);
    Rounds rounds =
        Rounds.of(effort)
            .add("DrainBench.drain", params(256, SHORT), () -> drain(256, SHORT, jobs));
    Map<String, String> sizes = Map.of("batch", Integer.toString(batch));
    for (FloorTable.Complete form : FloorTable.Complete.values()) {
      rounds.add(
          "FloorBench.drain",
          with(sizes, "form", form.name()),
          () ->
              Rate.reading("jobs/s", scratch.store(file -> Floor.drain(file, form, batch, jobs))));
    }
    Optional<CFloor> program = CFloor.compile(scratch);
    if (program.isPresent()) {
      addC(rounds, program.get(), with(sizes, "sqlite", program.get().sqlite()), batch, jobs);
    }
    return rounds.run();
  }

  private void addC(
      Rounds rounds, CFloor program, Map<String, String> params, int batch, int jobs) {
    for (String form : List.of("ROW", "RANGE")) {
      rounds.add(
          "CFloor.drain",
          with(params, "form", form),
          () ->
              Rate.reading(
                  "jobs/s", scratch.store(file -> drainC(program, file, form, batch, jobs))));
    }
  }

  private static double drainC(CFloor program, Path file, String form, int batch, int jobs)
      throws Exception {
    Filler.ready(file, "noop", jobs, Payloads.of(SHORT));
    return program.run(file, "drain", form, batch, jobs);
  }

  private List<Measurement> concurrencies() throws Exception {
    Rounds rounds = new Rounds(effort.pick(1, 3), effort.pick(2, 7));
    for (int concurrency : List.of(16, 1_000)) {
      int jobs = effort.pick(20_000, 200_000);
      rounds.add(
          "DrainBench.drain", params(concurrency, SHORT), () -> drain(concurrency, SHORT, jobs));
    }
    for (int bytes : PAYLOADS) {
      int jobs = bytes > 10_000 ? effort.pick(3_000, 10_000) : effort.pick(20_000, 100_000);
      rounds.add("DrainBench.drain", params(256, bytes), () -> drain(256, bytes, jobs));
    }
    return rounds.run();
  }

  /// Laps of 10,000 jobs each, out of 10,000 that are ready and out of a million, by engines that
  /// have been at work for a while: the first 16 MiB of a WAL take longer than the next.
  private List<Measurement> backlogs() throws Exception {
    int laps = effort.pick(3, 10);
    int backlog = effort.pick(BACKLOG / 4, BACKLOG);
    try (Lap few = Lap.open(scratch, LAP);
        Lap many = Lap.open(scratch, backlog)) {
      return new Rounds(effort.pick(2, 1), effort.pick(5, 7))
          .add("DrainBench.lap", Map.of("ready", "" + LAP), () -> few.run(laps))
          .add("DrainBench.lap", Map.of("ready", "" + backlog), () -> many.run(laps))
          .run();
    }
  }

  private List<Reading> drain(int concurrency, int payloadBytes, int jobs) throws Exception {
    return scratch.store(file -> drain(file, concurrency, payloadBytes, jobs));
  }

  private static List<Reading> drain(Path file, int concurrency, int payloadBytes, int jobs)
      throws Exception {
    DrainBench bench = new DrainBench();
    bench.concurrency = concurrency;
    bench.payloadBytes = payloadBytes;
    bench.ready = jobs;
    bench.drained = jobs;
    bench.open(file);
    long allocated = THREADS.getTotalThreadAllocatedBytes();
    long began = System.nanoTime();
    bench.drain();
    long nanos = System.nanoTime() - began;
    double bytes = (double) (THREADS.getTotalThreadAllocatedBytes() - allocated) / jobs;
    check(bench, jobs);
    return List.of(
        new Reading("rate", "jobs/s", Rate.per(jobs, nanos)),
        new Reading("allocated", "B/job", bytes));
  }

  /// Nothing may be measured that did not happen.
  private static void check(DrainBench bench, int jobs) {
    try (var quern = bench.quern()) {
      if (bench.done() != jobs) {
        throw new IllegalStateException(bench.done() + " of " + jobs + " jobs are done");
      }
    }
  }

  private static Map<String, String> params(int concurrency, int payloadBytes) {
    Map<String, String> params = new LinkedHashMap<>();
    params.put("concurrency", Integer.toString(concurrency));
    params.put("payloadBytes", Integer.toString(payloadBytes));
    return params;
  }

  private static Map<String, String> with(Map<String, String> params, String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(params);
    more.put(name, value);
    return more;
  }
}
