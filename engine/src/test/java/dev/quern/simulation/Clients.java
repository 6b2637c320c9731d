package dev.quern.simulation;

import dev.quern.Enqueued;
import dev.quern.NewJob;
import dev.quern.Quern;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Those who enqueue jobs in a simulation, and write down what they asked and what they were told.
final class Clients {
  private static final int LIVE_LIMIT = 30;

  private final Simulation simulation;
  private final Steps steps;
  private final RandomGenerator random;

  Clients(Simulation simulation, Steps steps, RandomGenerator random) {
    this.simulation = simulation;
    this.steps = steps;
    this.random = random;
  }

  void enqueue(Worker worker) {
    if (simulation.watch().rows().size() >= LIVE_LIMIT) {
      return;
    }
    List<Book.Asked> again = simulation.book().notHeard();
    if (!again.isEmpty() && steps.oneIn(2)) {
      askAgain(worker, again);
    } else {
      Optional<String> key = steps.maybe(3, () -> "k" + random.nextInt(3));
      int count = key.isEmpty() && steps.oneIn(3) ? 2 + random.nextInt(5) : 1;
      Book book = simulation.book();
      List<Long> tokens = IntStream.range(0, count).mapToObj(_ -> book.nextToken()).toList();
      enqueue(worker, book.ask(tokens, Optional.empty(), key));
    }
  }

  /// Whoever heard no answer and has a key may ask again.
  private void askAgain(Worker worker, List<Book.Asked> again) {
    Book.Asked one = again.remove(random.nextInt(again.size()));
    if (one.key().isPresent()) {
      enqueue(worker, List.of(one));
    }
  }

  private void enqueue(Worker worker, List<Book.Asked> asked) {
    Form form = steps.oneIn(4) ? steps.oneOf(Form.INSIDE) : Form.PLAIN;
    enqueue(worker, asked, asked.stream().map(this::job).toList(), form);
  }

  /// How to enqueue.
  enum Form {
    PLAIN,
    COMMITTED,
    ROLLED_BACK;

    private static final List<Form> INSIDE = List.of(COMMITTED, COMMITTED, ROLLED_BACK);
  }

  /// Enqueues jobs, and checks what is answered.
  void enqueue(Worker worker, List<Book.Asked> asked, List<NewJob> jobs, Form form) {
    Map<Long, Row> before = simulation.watch().rows();
    Optional<List<Enqueued>> told =
        form == Form.PLAIN
            ? worker.ask(quern -> quern.enqueueAll(jobs))
            : worker.ask(quern -> inside(quern, jobs, form == Form.COMMITTED));
    if (form == Form.ROLLED_BACK && asked.getFirst().key().isEmpty()) {
      simulation.book().forget(asked);
    } else if (told.isEmpty()) {
      simulation.book().notHeard(asked);
    } else if (form != Form.ROLLED_BACK) {
      check(asked, told.get(), before);
    }
  }

  /// In a transaction of the client's own.
  private List<Enqueued> inside(Quern quern, List<NewJob> jobs, boolean commits) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + simulation.file())) {
      connection.setAutoCommit(false);
      List<Enqueued> told = quern.enqueueAll(connection, jobs);
      if (commits) {
        connection.commit();
      } else {
        connection.rollback();
      }
      return told;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private NewJob job(Book.Asked asked) {
    String plan = Stream.generate(this::act).limit(random.nextInt(4)).reduce("", String::concat);
    NewJob job = NewJob.json(steps.oneOf(Steps.ALL), new Task(asked.token(), plan).payload());
    job = asked.key().isPresent() ? job.dedupeKey(asked.key().get()) : job;
    job = steps.oneIn(4) ? job.delay(Duration.ofMillis(random.nextInt(90_000))) : job;
    job = steps.oneIn(5) ? job.priority(50 * random.nextInt(4)) : job;
    job = steps.oneIn(6) ? job.maxAttempts(1 + random.nextInt(3)) : job;
    return steps.oneIn(8) ? job.tags("t") : job;
  }

  private String act() {
    return "" + Task.ACTS.charAt(random.nextInt(Task.ACTS.length()));
  }

  /// What was answered is there. The live job of which another is a duplicate may have ended in the
  /// same commit.
  private void check(List<Book.Asked> asked, List<Enqueued> told, Map<Long, Row> before) {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      Optional<Row> row = simulation.watch().row(told.get(i).id());
      Book.Asked one = asked.get(i);
      boolean there =
          told.get(i).isNew()
              ? row.filter(r -> r.token() == one.token()).isPresent()
              : Stream.of(row, Optional.ofNullable(before.get(told.get(i).id())))
                  .flatMap(Optional::stream)
                  .anyMatch(r -> r.state().live() && r.key().equals(one.key()));
      if (!there) {
        problems.add(
            Problem.lost("%s was answered by %s, but there is %s".formatted(one, told, row)));
      }
    }
    problems.forEach(simulation.watch()::problem);
  }
}
