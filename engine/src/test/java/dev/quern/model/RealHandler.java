package dev.quern.model;

import dev.quern.JobContext;
import dev.quern.JobDeferredException;
import dev.quern.JobFailedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// A handler that does what its payload says.
final class RealHandler {
  private final Database database;

  RealHandler(Database database) {
    this.database = database;
  }

  void handle(Script script, JobContext context) throws SQLException {
    script.note().ifPresent(note -> say(note, context));
    script.drafts().forEach(draft -> context.enqueue(draft.toNewJob()));
    Duration wait = Duration.ofMillis(script.millis());
    switch (script.act()) {
      case RETURN -> {}
      case RETURN_RESULT -> context.resultJson(Script.RESULT);
      case FAIL -> throw new JobFailedException(ModelHandlers.SAID_TRANSIENT);
      case GIVE_UP -> throw new JobFailedException(ModelHandlers.SAID_HOPELESS);
      case RETRY_AFTER -> throw retryAfter(wait);
      case DEFER -> throw new JobDeferredException(wait, "not yet");
      case STUMBLE -> throw new Script.Stumble();
      case COMMIT, COMMIT_THEN_STUMBLE, ROLL_BACK, ROLL_BACK_THEN_STUMBLE ->
          inside(script, context);
    }
  }

  private static JobFailedException retryAfter(Duration wait) {
    return JobFailedException.retryAfter(
        wait, ModelHandlers.SAID_TRANSIENT.code(), ModelHandlers.SAID_TRANSIENT.message());
  }

  private static void say(String note, JobContext context) {
    context.progress(ModelHandlers.PROGRESS, note);
    String key = context.idempotencyKey();
    long requeues = Long.parseLong(key.substring(key.lastIndexOf(':') + 1));
    context.log(ModelHandlers.line(note, context.attempt(), context.fence(), requeues));
  }

  private void inside(Script script, JobContext context) throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      if (!context.complete(connection)) {
        throw new AssertionError("a handler at work does not hold its lease");
      }
      if (script.act().commits()) {
        connection.commit();
      } else {
        connection.rollback();
      }
    }
    if (script.act().name().endsWith("STUMBLE")) {
      throw new Script.Stumble();
    }
  }
}
