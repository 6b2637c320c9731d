package dev.quern.simulation;

import java.sql.SQLException;
import java.util.List;

/// The end of a simulation: nothing goes wrong any more, so every job that can run has to come to
/// its end, in bounded time.
final class Calm {
  private static final int ROUNDS = 2_000;
  private static final long ROUND_MILLIS = 5_000;

  private final Simulation simulation;
  private final Steps steps;

  Calm(Simulation simulation, Steps steps) {
    this.simulation = simulation;
    this.steps = steps;
  }

  void end() throws SQLException {
    steps.beQuiet();
    simulation.trace().add("calm");
    simulation.wall().freeze(false);
    simulation
        .workers()
        .forEach(worker -> {
          worker.wakeUp();
          worker.life().dieAt(-1);
          Steps.ALL.forEach(kind ->
              worker.ask(quern -> {
                quern.kinds().resume(kind);
                return true;
              }));
        });
    for (int round = 0; round < ROUNDS && !waiting().isEmpty(); round++) {
      round();
    }
    if (!waiting().isEmpty()) {
      simulation.watch().problem(Problem.lost("no end in sight: " + waiting()));
    }
  }

  private void round() throws SQLException {
    simulation.bury();
    simulation.wall().pass(ROUND_MILLIS);
    simulation.lookAtClock();
    for (Worker worker : simulation.workers()) {
      worker.life().dieAt(-1);
      worker.tick();
      worker.claim(Steps.byHand());
      worker.leases().forEach(lease -> worker.ask(_ -> lease.complete()));
      worker.leases().clear();
    }
  }

  private List<Row> waiting() {
    return simulation.watch().rows().values().stream()
        .filter(row -> row.state().live() && Steps.ALL.contains(row.kind()))
        .toList();
  }
}
