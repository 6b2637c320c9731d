package dev.quern.bench;

import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Fills a store that nobody has open with many jobs, copies of one that the engine enqueued: far
/// faster than to enqueue them, and the file is the same.
final class Filler {
  private Filler() {}

  private static final String COPY =
      """
      insert into quern_job (lane, state, priority, available_at, created_at, payload%s)
      with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
      select lane, '%s', priority, available_at + %s, created_at, payload%s
        from n cross join (select * from quern_job where id = ?)
      """;

  private static final String READY = COPY.formatted("", "ready", "0", "");

  /// Due in a year, each at a time of its own.
  private static final String SCHEDULED = COPY.formatted("", "scheduled", "31536000000 + i", "");

  private static final String DONE =
      COPY.formatted(
          ", fence, attempts, owner, started_at, ended_at",
          "done",
          "0",
          ", 1, 1, 1, created_at, created_at + i / 100");

  /// Long payloads are in a table of their own.
  private static final String PAYLOADS =
      """
      insert into quern_payload (job_id, payload)
      select id, (select payload from quern_payload where job_id = ?1) from quern_job where id > ?1
      """;

  private static final String COUNT =
      """
      insert into quern_count (lane, state, jobs)
      select lane, 'done', ? from quern_job where id = ?
      on conflict (lane, state) do update set jobs = jobs + excluded.jobs
      """;

  /// A new store with so many ready jobs of a kind.
  static void ready(Path file, String kind, int count, String payload) throws SQLException {
    long model = model(file, kind, payload);
    try (Connection connection = Pragmas.connect(file)) {
      connection.setAutoCommit(false);
      copy(connection, READY, count - 1, model);
      if (Pragmas.text(connection, "select count(*) from quern_payload").equals("1")) {
        run(connection, PAYLOADS, model);
      }
      connection.commit();
    }
  }

  /// Adds so many jobs of each state that a claim of other kinds must not notice.
  static void others(Path file, int each) throws SQLException {
    long model = model(file, "unserved", "{\"n\":0}");
    try (Connection connection = Pragmas.connect(file)) {
      connection.setAutoCommit(false);
      copy(connection, READY, each - 1, model);
      copy(connection, SCHEDULED, each, model);
      connection.commit();
    }
    done(file, each);
  }

  /// Adds so many jobs that are done.
  static void done(Path file, int count) throws SQLException {
    long model = model(file, "ended", "{\"n\":0}");
    try (Connection connection = Pragmas.connect(file)) {
      connection.setAutoCommit(false);
      copy(connection, DONE, count, model);
      run(connection, COUNT, count, model);
      run(connection, "delete from quern_job where id = ?", model);
      connection.commit();
    }
  }

  /// Enqueues the job to copy; its lane comes with it.
  private static long model(Path file, String kind, String payload) {
    try (Quern quern = Quern.open(file, QuernConfig.DEFAULT)) {
      return quern.enqueue(NewJob.json(kind, payload)).id();
    }
  }

  private static void copy(Connection connection, String sql, int count, long model)
      throws SQLException {
    if (count > 0) {
      run(connection, sql, count, model);
    }
  }

  private static void run(Connection connection, String sql, long... arguments)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setLong(i + 1, arguments[i]);
      }
      statement.executeUpdate();
    }
  }
}
