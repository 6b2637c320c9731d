package dev.quern.simulation;

import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.JobContext;
import dev.quern.JobDeferredException;
import dev.quern.JobFailedException;
import dev.quern.NewJob;
import dev.quern.Quern;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The handlers of an engine: they do what the plans of their jobs say. One that lingers lets other
/// things happen meanwhile.
final class Handlers {
  private final Simulation simulation;
  private final Steps steps;
  private final Worker worker;

  Handlers(Simulation simulation, Steps steps, Worker worker) {
    this.simulation = simulation;
    this.steps = steps;
    this.worker = worker;
  }

  void register(Quern quern) {
    for (String kind : Steps.HANDLED) {
      quern.handle(kind, Object.class, (_, context) -> handle(context));
    }
  }

  private void handle(JobContext context) throws SQLException {
    Task task = Task.of(context.payload());
    char act = task.act(context.fence());
    simulation
        .trace()
        .add("  handle job %d f%d %s".formatted(context.jobId(), context.fence(), act));
    switch (act) {
      case Task.RETURN -> {}
      case Task.RESULT -> context.resultJson("{\"done\":true}");
      case Task.FAIL -> throw new IllegalStateException("no");
      case Task.GIVE_UP -> throw new JobFailedException(failure());
      case Task.DEFER -> throw new JobDeferredException(Duration.ofSeconds(25), "not yet");
      case Task.LINGER -> linger();
      case Task.LINGER_AND_FAIL -> {
        linger();
        throw new IllegalStateException("too slow");
      }
      case Task.FOLLOW_UP -> followUp(context);
      case Task.FOLLOW_UP_AND_FAIL -> {
        followUp(context);
        throw new IllegalStateException("no follow-up");
      }
      case Task.COMMIT -> complete(context, true);
      case Task.ROLL_BACK -> complete(context, false);
      case Task.DIE -> die();
      default -> throw new AssertionError(act);
    }
  }

  private static Failure failure() {
    return new Failure(FailureClass.UNRECOVERABLE, "gone", "for good");
  }

  private void linger() throws SQLException {
    if (!steps.quiet()) {
      steps.meanwhile();
    }
  }

  private void followUp(JobContext context) {
    Book book = simulation.book();
    long token = book.nextToken();
    Book.Claim claim = new Book.Claim(context.jobId(), context.fence());
    book.ask(List.of(token), Optional.of(claim), Optional.empty());
    context.enqueue(NewJob.json("plain", new Task(token, "").payload()));
  }

  private void complete(JobContext context, boolean commits) throws SQLException {
    Life before = simulation.alive(worker.life());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + simulation.file())) {
      connection.setAutoCommit(false);
      followUp(context);
      boolean held = context.complete(connection);
      checkHeld(context, held);
      if (commits && held) {
        connection.commit();
      } else {
        connection.rollback();
      }
    } finally {
      simulation.alive(before);
    }
  }

  private void checkHeld(JobContext context, boolean held) {
    boolean holds = simulation.watch().holds(context.jobId(), context.fence());
    if (held != holds) {
      simulation
          .watch()
          .problem(
              Problem.unexpected(
                  "complete says %s of job %d f%d"
                      .formatted(held, context.jobId(), context.fence())));
    }
  }

  private void die() throws SQLException {
    if (!steps.quiet()) {
      worker.die();
    }
  }
}
