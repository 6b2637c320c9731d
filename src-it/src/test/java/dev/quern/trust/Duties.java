package dev.quern.trust;

import dev.quern.Backoff;
import dev.quern.JobContext;
import dev.quern.JobDeferredException;
import dev.quern.JobFailedException;
import dev.quern.NewJob;
import dev.quern.Quern;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// An application as far as it is told apart by nothing: its tables, its kind of job, and what its
/// handler does, which is the last part of the payload, the token.
///
/// @param file the database
/// @param settings of its own connections, such as `&synchronous=FULL`
/// @param say where it says what it does
record Duties(String file, String settings, Consumer<String> say) {
  /// The kind of its jobs, except those for later.
  static final String KIND = "job";

  /// What handlers do; `later` is for a job that is to be cancelled before its time.
  static final List<String> ACTIONS =
      List.of("done", "done", "done", "fail", "bad", "defer", "parent", "self", "later");

  private static final Duration LATER = Duration.ofDays(1);

  static String action(String token) {
    return token.substring(token.lastIndexOf('.') + 1);
  }

  static NewJob job(String token) {
    return switch (action(token)) {
      case "later" -> NewJob.of("later", token).delay(LATER);
      // Its own commit may fail with the disk, again and again.
      case "self" -> NewJob.of(KIND, token).maxAttempts(50);
      default -> NewJob.of(KIND, token);
    };
  }

  /// How a job with this token ends.
  static String end(String token) {
    return switch (action(token)) {
      case "fail", "bad" -> "failed";
      case "later" -> "cancelled";
      default -> "done";
    };
  }

  // ---- its connection

  /// A connection of its own, that writes the WAL back early, and has the tables.
  Connection connect() throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            "jdbc:sqlite:" + file + "?transaction_mode=IMMEDIATE&busy_timeout=10000" + settings);
    try (Statement statement = connection.createStatement()) {
      statement.execute("pragma wal_autocheckpoint=100");
      statement.execute("create table if not exists app_order (token text not null) strict");
      statement.execute("create table if not exists app_effect (token text not null) strict");
      return connection;
    } catch (SQLException fault) {
      connection.close();
      throw fault;
    }
  }

  static void insert(Connection connection, String table, String token) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("insert into " + table + " (token) values (?)")) {
      insert.setString(1, token);
      insert.executeUpdate();
    }
  }

  // ---- its handler

  /// Sets how its jobs are tried.
  static void policy(Quern quern) {
    quern
        .kinds()
        .policy(
            KIND,
            policy ->
                policy
                    .backoff(Backoff.constant(Duration.ofMillis(10)))
                    .maxAttempts(2)
                    .maxLosses(1_000_000));
  }

  /// Gives an engine the handler.
  void handle(Quern quern) {
    quern.handle(KIND, String.class, this::handle);
  }

  private void handle(String token, JobContext context) throws SQLException {
    say.accept("run " + context.jobId() + " " + context.fence());
    switch (action(token)) {
      case "fail" -> throw JobFailedException.retry("no", "as it must");
      case "bad" -> throw JobFailedException.unrecoverable("bad", "as it must");
      case "defer" -> deferOnce(context);
      case "parent" -> context.enqueue(job("child/" + token + ".done"));
      case "self" -> completeItself(token, context);
      default -> context.result(token);
    }
  }

  private static void deferOnce(JobContext context) {
    if (context.fence() == 1) {
      throw new JobDeferredException(Duration.ofMillis(5), "later");
    }
  }

  /// Closing the connection rolls back what was not committed.
  private void completeItself(String token, JobContext context) throws SQLException {
    try (Connection own = connect()) {
      own.setAutoCommit(false);
      insert(own, "app_effect", token);
      if (!context.complete(own)) {
        throw new IllegalStateException("job " + context.jobId() + " was lost");
      }
      own.commit();
    }
    say.accept("end " + context.jobId() + " done");
  }
}
