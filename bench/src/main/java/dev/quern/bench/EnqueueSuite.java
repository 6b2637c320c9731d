package dev.quern.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Callers of the engine in turn with bare inserts, with straight JDBC at the same batch size, and
/// with the C program.
final class EnqueueSuite implements Suite {
  private Effort effort;
  private Scratch scratch;
  private Optional<CFloor> program;

  @Override
  public List<Measurement> measure(Effort effort, Scratch scratch) throws Exception {
    this.effort = effort;
    this.scratch = scratch;
    program = CFloor.compile(scratch);
    List<Measurement> all = new ArrayList<>();
    all.addAll(one());
    all.addAll(waiting());
    all.addAll(bulk());
    all.addAll(transactions());
    return all;
  }

  /// One caller against the same insert in auto-commit mode, from the same kind of thread.
  private List<Measurement> one() throws Exception {
    Rounds rounds = Rounds.of(effort);
    for (Enqueuing way :
        List.of(
            Enqueuing.ONE_PLATFORM,
            Enqueuing.BARE_PLATFORM,
            Enqueuing.ONE_VIRTUAL,
            Enqueuing.BARE_VIRTUAL)) {
      add(rounds, way, false);
    }
    int rows = effort.pick(1_000, 4_000);
    program.ifPresent(c ->
        rounds.add(
            "CFloor.insertOne",
            Map.of("sqlite", c.sqlite()),
            () ->
                Rate.reading(
                    "jobs/s", scratch.store(file -> c.run(file, "insert-one", "ROW", 1, rows)))));
    return rounds.run();
  }

  private List<Measurement> waiting() throws Exception {
    int batch = (int) Math.round(BatchProbe.enqueue(Enqueuing.WAITING_256));
    Rounds rounds = Rounds.of(effort);
    add(rounds, Enqueuing.WAITING_256, false);
    addFloors(rounds, batch, effort.pick(50_000, 200_000));
    add(rounds, Enqueuing.WAITING_256, true);
    add(rounds, Enqueuing.WAITING_64, false);
    add(rounds, Enqueuing.WAITING_2000, false);
    List<Measurement> all = new ArrayList<>(rounds.run());
    all.add(
        Measurement.of(
            "BatchProbe.enqueue",
            Map.of("callers", Enqueuing.WAITING_256.name()),
            new Reading("members", "jobs/commit", batch)));
    return all;
  }

  private List<Measurement> bulk() throws Exception {
    Rounds rounds = Rounds.of(effort);
    add(rounds, Enqueuing.BULK_1000, false);
    addFloors(rounds, 1_000, effort.pick(100_000, 400_000));
    add(rounds, Enqueuing.BULK_1000, true);
    return rounds.run();
  }

  private List<Measurement> transactions() throws Exception {
    Rounds rounds = Rounds.of(effort);
    add(rounds, Enqueuing.TRANSACTION_1, false);
    add(rounds, Enqueuing.TRANSACTION_100, false);
    return rounds.run();
  }

  private void add(Rounds rounds, Enqueuing way, boolean keyed) {
    int jobs = effort.quick() ? way.usualJobs() / 2 : way.usualJobs() * 2;
    Map<String, String> params = new LinkedHashMap<>();
    params.put("callers", way.name());
    params.put("keyed", Boolean.toString(keyed));
    rounds.add(
        "EnqueueBench.enqueue",
        params,
        () -> Rate.reading("jobs/s", scratch.store(file -> way.run(file, jobs, keyed))));
  }

  private void addFloors(Rounds rounds, int batch, int rows) {
    for (FloorTable.Insert form : FloorTable.Insert.values()) {
      rounds.add(
          "FloorBench.insert",
          sizes(batch, form.name()),
          () ->
              Rate.reading("jobs/s", scratch.store(file -> Floor.insert(file, form, batch, rows))));
    }
    for (String form : List.of("ROW", "SET")) {
      program.ifPresent(c ->
          rounds.add(
              "CFloor.insert",
              sizes(batch, form),
              () ->
                  Rate.reading(
                      "jobs/s", scratch.store(file -> c.run(file, "insert", form, batch, rows)))));
    }
  }

  private static Map<String, String> sizes(int batch, String form) {
    Map<String, String> sizes = new LinkedHashMap<>();
    sizes.put("batch", Integer.toString(batch));
    sizes.put("form", form);
    return sizes;
  }
}
