package dev.quern.simulation;

import dev.quern.ClaimRequest;
import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.JobState;
import dev.quern.Lease;
import dev.quern.NewJob;
import dev.quern.Quern;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// A little of everything that an engine can do, always the same, so that its engine can be let die
/// at each of its steps.
final class Script {
  private static final String LONG = "" + Task.RETURN + " ".repeat(1_200);

  private final Simulation simulation;
  private final Clients clients;
  private Worker worker;

  Script(Simulation simulation, Steps steps) {
    this.simulation = simulation;
    this.clients = new Clients(simulation, steps, new SplittableRandom(0));
  }

  void run(int step) throws SQLException {
    worker = simulation.open(step);
    simulation.workers().add(worker);
    for (Part part :
        List.<Part>of(
            this::enqueue,
            this::handle,
            this::byHand,
            this::requests,
            this::kinds,
            this::others,
            this::forget,
            this::close)) {
      if (!worker.dead()) {
        part.play();
      }
    }
  }

  private void close() {
    worker.close();
    if (!worker.dead()) {
      simulation.workers().set(0, simulation.open());
    }
  }

  private interface Part {
    void play() throws SQLException;
  }

  private void enqueue() {
    enqueue("plain", Clients.Form.PLAIN, List.of(""), job -> job);
    enqueue("plain", Clients.Form.PLAIN, List.of("s", "f", "g", "e", "d", "u"), job -> job);
    enqueue("free", Clients.Form.PLAIN, List.of("c"), job -> job.priority(5));
    enqueue("timed", Clients.Form.PLAIN, List.of("b"), job -> job.tags("red", "blue"));
    enqueue("narrow", Clients.Form.PLAIN, List.of(LONG), job -> job.affinityKey("a"));
    enqueue("rated", Clients.Form.COMMITTED, List.of("r", "s"), job -> job);
    enqueue("rated", Clients.Form.ROLLED_BACK, List.of("r"), job -> job);
    enqueue("hand", Clients.Form.PLAIN, List.of("", "", "", "", "", ""), job -> job);
    enqueue("hand", Clients.Form.PLAIN, List.of(""), job -> job.delay(Duration.ofSeconds(5)));
    for (Clients.Form form : Clients.Form.values()) {
      enqueueKeyed(form);
    }
  }

  private void enqueue(
      String kind, Clients.Form form, List<String> plans, UnaryOperator<NewJob> more) {
    List<Long> tokens = plans.stream().map(_ -> simulation.book().nextToken()).toList();
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      Task task = new Task(tokens.get(i), plans.get(i));
      jobs.add(more.apply(NewJob.json(kind, task.payload())));
    }
    List<Book.Asked> asked =
        simulation.book().ask(tokens, Optional.empty(), jobs.getFirst().dedupeKey());
    clients.enqueue(worker, asked, jobs, form);
  }

  /// A duplicate, except for the first time.
  private void enqueueKeyed(Clients.Form form) {
    enqueue("hand", form, List.of(""), job -> job.dedupeKey("k"));
  }

  private void handle() {
    worker.tick();
    simulation.wall().pass(12_000);
    worker.tick();
  }

  private void byHand() {
    worker.claim(ClaimRequest.of("hand").limit(20));
    List<Lease> leases = List.copyOf(worker.leases());
    for (int i = 0; i < leases.size(); i++) {
      Lease lease = leases.get(i);
      end(lease, i);
    }
  }

  private void end(Lease lease, int how) {
    Failure failure = new Failure(FailureClass.TRANSIENT, "no", "not now");
    worker.ask(_ ->
        switch (how) {
          case 0 -> lease.complete();
          case 1 -> lease.fail(failure);
          case 2 -> lease.defer(Duration.ofSeconds(20), "later");
          case 3 -> lease.handBack();
          case 4 -> lease.renew(Simulation.LEASE);
          default -> cancelled(lease);
        });
  }

  private boolean cancelled(Lease lease) {
    worker.ask(quern -> quern.jobs().cancel(lease.jobId(), "enough"));
    return lease.fail(new Failure(FailureClass.TRANSIENT, "stopped", "as asked"));
  }

  private void requests() {
    first(row -> row.state() == JobState.READY)
        .ifPresent(row -> worker.ask(quern -> quern.jobs().cancel(row.id(), "enough")));
    for (JobState state : List.of(JobState.DONE, JobState.CANCELLED)) {
      first(row -> row.state() == state)
          .ifPresent(row -> permitted(Permits.Of.REQUEUE, quern -> quern.jobs().requeue(row.id())));
    }
    permitted(Permits.Of.REQUEUE, quern -> quern.jobs().requeueFailed(Optional.empty(), false));
    first(row -> row.state().ended())
        .ifPresent(row -> permitted(Permits.Of.DELETE, quern -> quern.jobs().delete(row.id())));
  }

  private Optional<Row> first(Predicate<Row> which) {
    return simulation.watch().rows().values().stream().filter(which).findFirst();
  }

  private void permitted(Permits.Of what, Function<Quern, Object> request) {
    simulation.permits().give(what);
    worker.ask(request);
    simulation.permits().takeBack(what);
  }

  private void kinds() {
    worker.ask(quern -> quern.kinds().policy("narrow", policy -> policy.rank(50)));
    worker.ask(quern -> {
      quern.kinds().pause("rated", "for now");
      quern.kinds().resume("rated");
      return true;
    });
    enqueue("old", Clients.Form.PLAIN, List.of("", ""), job -> job);
    worker.ask(quern -> quern.kinds().policy("old", policy -> policy.retired(true)));
    permitted(Permits.Of.PURGE, quern -> quern.kinds().purgeRetired());
    worker.ask(quern -> quern.kinds().policy("old", policy -> policy.retired(false)));
  }

  /// Another engine dies with jobs, one of which its handler had completed by itself; a third one
  /// falls silent.
  private void others() throws SQLException {
    enqueue("hand", Clients.Form.PLAIN, List.of("", "", ""), job -> job);
    enqueue("plain", Clients.Form.PLAIN, List.of("", "c"), job -> job);
    Worker dying = simulation.open();
    dying.claim(ClaimRequest.of("hand").limit(2));
    dying.die();
    dying.close();
    Worker silent = simulation.open();
    silent.claim(ClaimRequest.of("hand", "plain").limit(2));
    for (int i = 0; i < 4; i++) {
      simulation.wall().pass(30_000);
      worker.tick();
    }
    silent.die();
    silent.close();
  }

  private void forget() {
    for (int i = 0; i < 5; i++) {
      simulation.wall().pass(180_000);
      worker.tick();
    }
  }
}
