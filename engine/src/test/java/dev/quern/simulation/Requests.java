package dev.quern.simulation;

import dev.quern.CancelResult;
import dev.quern.JobState;
import dev.quern.Quern;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// What those who look after a queue ask for in a simulation.
final class Requests {
  private final Simulation simulation;
  private final Steps steps;
  private final RandomGenerator random;

  Requests(Simulation simulation, Steps steps, RandomGenerator random) {
    this.simulation = simulation;
    this.steps = steps;
    this.random = random;
  }

  /// One of them, about a job.
  void any(Worker worker) {
    switch (random.nextInt(6)) {
      case 0, 1, 2 -> cancel(worker);
      case 3 -> ofEnded(id -> permitted(worker, Permits.Of.REQUEUE, q -> q.jobs().requeue(id)));
      case 4 ->
          permitted(
              worker, Permits.Of.REQUEUE, q -> q.jobs().requeueFailed(Optional.empty(), false));
      default -> ofEnded(id -> permitted(worker, Permits.Of.DELETE, q -> q.jobs().delete(id)));
    }
  }

  private void cancel(Worker worker) {
    some(_ -> true)
        .ifPresent(row -> {
          Optional<CancelResult> said = worker.ask(q -> q.jobs().cancel(row.id(), "enough"));
          boolean cancelled =
              simulation
                  .watch()
                  .row(row.id())
                  .filter(now -> now.state() == JobState.CANCELLED)
                  .isPresent();
          if (said.equals(Optional.of(CancelResult.CANCELLED)) && !cancelled) {
            simulation.watch().problem(Problem.lost("the end of " + row));
          }
        });
  }

  private void ofEnded(Consumer<Long> request) {
    some(row -> row.state().ended()).ifPresent(row -> request.accept(row.id()));
  }

  private Optional<Row> some(Predicate<Row> which) {
    List<Row> some = simulation.watch().rows().values().stream().filter(which).toList();
    return some.isEmpty() ? Optional.empty() : Optional.of(steps.oneOf(some));
  }

  private void permitted(Worker worker, Permits.Of what, Function<Quern, Object> request) {
    simulation.permits().give(what);
    worker.ask(request);
    simulation.permits().takeBack(what);
  }

  /// One of them, about a kind.
  void ofKind(Worker worker) {
    String kind = steps.oneOf(Steps.ALL);
    boolean pause = steps.oneIn(3);
    worker.ask(q -> {
      if (pause) {
        q.kinds().pause(kind, "for now");
      } else {
        q.kinds().resume(kind);
      }
      return true;
    });
  }
}
