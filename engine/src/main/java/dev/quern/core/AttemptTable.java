package dev.quern.core;

import dev.quern.Attempt;
import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.LogLine;
import dev.quern.Outcome;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All the SQL of `quern_attempt` and `quern_log`: the history of jobs.
final class AttemptTable {
  private AttemptTable() {}

  private static final String INSERT =
      """
      insert into quern_attempt (job_id, fence, number, owner, started_at, ended_at, outcome, note,
          failure_class, failure_code, failure_message, failure_trace)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  /// Keeps the end of an attempt.
  static void insert(Tx tx, Held job, Outcome outcome, long now, Optional<Failure> why, String note)
      throws SQLException {
    tx.update(
        INSERT,
        job.id(),
        job.fence(),
        job.attempts(),
        job.owner(),
        job.startedAt(),
        now,
        outcome.label(),
        note,
        why.map(f -> f.failureClass().label()).orElse(null),
        why.map(Failure::code).orElse(null),
        why.map(Failure::message).orElse(null),
        why.map(Failure::trace).orElse(null));
  }

  private static final String KEEP_DONE =
      """
      insert into quern_attempt (job_id, fence, number, owner, started_at, ended_at, outcome)
      select id, fence, attempts, owner, started_at, ended_at, 'done'
        from quern_job where id = ? and state = 'done'
      """;

  /// Keeps the attempt that ended well, which until now was the row of its job.
  static void keepDone(Tx tx, long jobId) throws SQLException {
    tx.update(KEEP_DONE, jobId);
  }

  private static final String OF_JOB =
      """
      select job_id, fence, number, owner, started_at, ended_at, outcome, note,
             failure_class, failure_code, failure_message, failure_trace
        from quern_attempt where job_id = ?
      union all
      select id, fence, attempts, owner, started_at, ended_at, 'done', null,
             null, null, null, null
        from quern_job where id = ? and state = 'done'
      order by 2
      """;

  /// The ended attempts of a job, oldest first.
  static List<Attempt> of(Tx tx, long jobId) throws SQLException {
    return tx.query(OF_JOB, AttemptTable::attempt, jobId, jobId);
  }

  private static final String LAST_OUTCOME =
      "select outcome from quern_attempt where job_id = ? order by fence desc limit 1";

  /// How the last ended attempt of a job that is not done ended.
  static Optional<Outcome> lastOutcome(Tx tx, long jobId) throws SQLException {
    return tx.first(LAST_OUTCOME, row -> Outcome.of(row.getString(1)), jobId);
  }

  private static Attempt attempt(ResultSet row) throws SQLException {
    return new Attempt(
        row.getLong(1),
        row.getLong(2),
        row.getInt(3),
        row.getLong(4),
        Instant.ofEpochMilli(row.getLong(5)),
        Instant.ofEpochMilli(row.getLong(6)),
        Outcome.of(row.getString(7)),
        Columns.text(row, 8),
        failure(row));
  }

  private static Optional<Failure> failure(ResultSet row) throws SQLException {
    String failureClass = row.getString(9);
    return failureClass == null
        ? Optional.empty()
        : Optional.of(
            new Failure(
                FailureClass.of(failureClass),
                row.getString(10),
                row.getString(11),
                row.getString(12)));
  }

  private static final String INSERT_LINE =
      "insert into quern_log (job_id, fence, sequence, at, text) values (?, ?, ?, ?, ?)";

  static void insertLine(Tx tx, long jobId, LogLine line) throws SQLException {
    tx.update(
        INSERT_LINE, jobId, line.fence(), line.sequence(), line.at().toEpochMilli(), line.text());
  }

  private static final String ENDED_UNDER =
      """
      select count(*) from (
        select 1 from quern_attempt where job_id = ? and fence = ? and outcome <> 'lost'
        union all
        select 1 from quern_job where id = ? and fence = ? and state = 'done')
      """;

  /// Whether an attempt was ended by whoever had its fence.
  static boolean endedUnder(Tx tx, long jobId, long fence) throws SQLException {
    return tx.number(ENDED_UNDER, jobId, fence, jobId, fence) > 0;
  }

  private static final String NEXT_LINE =
      "select coalesce(max(sequence) + 1, 0) from quern_log where job_id = ? and fence = ?";

  /// The place of the next line of an attempt.
  static int nextLine(Tx tx, long jobId, long fence) throws SQLException {
    return Math.toIntExact(tx.number(NEXT_LINE, jobId, fence));
  }

  private static final String LOG =
      "select fence, sequence, at, text from quern_log where job_id = ? order by fence, sequence";

  static List<LogLine> log(Tx tx, long jobId) throws SQLException {
    return tx.query(
        LOG,
        row ->
            new LogLine(
                row.getLong(1),
                row.getInt(2),
                Instant.ofEpochMilli(row.getLong(3)),
                Columns.present(row, 4)),
        jobId);
  }
}
