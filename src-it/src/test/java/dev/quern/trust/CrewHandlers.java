package dev.quern.trust;

import static dev.quern.trust.CrewApp.say;

import dev.quern.JobContext;
import dev.quern.JobDeferredException;
import dev.quern.JobFailedException;
import dev.quern.NewJob;
import dev.quern.Quern;
import java.sql.SQLException;
import java.time.Duration;

/// What the handlers of a [CrewApp] do. The payload of a job is its token: its last part is how
/// long the handler takes, in milliseconds, the part before what it does then.
///
/// @param quern the engine
/// @param tables the application's own
/// @param longest how long the longest handlers take, in milliseconds
record CrewHandlers(Quern quern, AppTables tables, long longest) {
  /// How long a handler may wait to be told that its lease is lost.
  private static final long PATIENCE_MILLIS = 60_000;

  private static final long HELD_MILLIS = 2_000;

  /// What a handler does, by its token.
  static String action(String token) {
    String[] parts = token.split("\\.");
    return parts[parts.length - 2];
  }

  private static long millis(String token) {
    return Long.parseLong(token.substring(token.lastIndexOf('.') + 1));
  }

  void handle(String token, JobContext context) throws Exception {
    say("run %d %d %s".formatted(context.jobId(), context.fence(), action(token)));
    try {
      act(token, context);
    } catch (InterruptedException e) {
      say("told " + context.jobId() + " " + context.fence());
      throw e;
    }
  }

  private void act(String token, JobContext context) throws Exception {
    switch (action(token)) {
      case "deaf" -> sleepDeaf(millis(token));
      case "hold" -> hold(context);
      case "long" -> Thread.sleep(longest);
      default -> Thread.sleep(millis(token));
    }
    switch (action(token)) {
      case "fail" -> throw JobFailedException.retry("no", "as it must");
      case "bad" -> throw JobFailedException.unrecoverable("bad", "as it must");
      case "defer" -> deferOnce(context);
      case "parent" -> context.enqueue(NewJob.of(CrewApp.KIND, "child/" + token + ".done.1"));
      case "self" -> completeItself(token, context);
      case "result" -> context.result(token);
      default -> context.log("done");
    }
  }

  /// Waits until it is told that its lease is lost, and then ends as if it were not; the next one
  /// is still at work by then.
  private static void hold(JobContext context) throws InterruptedException {
    try {
      Thread.sleep(context.fence() == 1 ? PATIENCE_MILLIS : HELD_MILLIS);
    } catch (InterruptedException e) {
      say("told " + context.jobId() + " " + context.fence());
    }
    context.result("held");
  }

  private static void sleepDeaf(long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < end) {
      try {
        Thread.sleep(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException _) {
        // It does not listen.
      }
    }
  }

  private static void deferOnce(JobContext context) {
    if (context.fence() == 1) {
      throw new JobDeferredException(Duration.ofMillis(5), "later");
    }
  }

  private void completeItself(String token, JobContext context) throws SQLException {
    Boolean held =
        tables.transaction(() -> {
          tables.effect(context.jobId(), context.fence(), token);
          return context.complete(tables.connection()) ? true : null;
        });
    if (held == null) {
      say("answer " + context.jobId() + " " + context.fence() + " self false");
    }
  }
}
