package dev.quern.run;

import dev.quern.Enqueued;
import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.JobState;
import dev.quern.RunLine;
import dev.quern.store.Tx;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All the SQL of `quern_run_line`, and what is read of the jobs of a run.
final class RunLineTable {
  /// About how many characters of results are read in one page.
  static final long PAGE_CHARS = 4 << 20;

  private RunLineTable() {}

  private static final String INSERT =
      "insert into quern_run_line (run, line, digest, job_id) values (?, ?, ?, ?)";

  /// Adds lines that follow each other, with their digests and jobs.
  static void insert(Tx tx, long run, long first, List<Long> digests, List<Enqueued> jobs)
      throws SQLException {
    PreparedStatement insert = tx.prepared(INSERT);
    for (int i = 0; i < digests.size(); i++) {
      insert.setLong(1, run);
      insert.setLong(2, first + i);
      insert.setLong(3, digests.get(i));
      insert.setLong(4, jobs.get(i).id());
      insert.addBatch();
    }
    insert.executeBatch();
  }

  /// A line as it was taken in.
  ///
  /// @param state of its job; empty if that was deleted
  /// @param requeues of its job
  record Taken(long line, long digest, Optional<JobState> state, int requeues) {

    /// Whether its job is in this state.
    boolean is(JobState state) {
      return this.state.filter(own -> own == state).isPresent();
    }
  }

  private static final String TAKEN =
      """
      select line, digest, state, requeues
        from quern_run_line left join quern_job on quern_job.id = job_id
       where run = ? and line > ?
       order by line
       limit ?
      """;

  /// Lines that follow a line, in order.
  static List<Taken> taken(Tx tx, long run, long after, int limit) throws SQLException {
    return tx.query(TAKEN, RunLineTable::taken, run, after, limit);
  }

  private static Taken taken(ResultSet row) throws SQLException {
    Optional<JobState> state = Optional.ofNullable(row.getString(3)).map(JobState::of);
    return new Taken(row.getLong(1), row.getLong(2), state, row.getInt(4));
  }

  private static final String RUN_LINES =
      """
      select line, job_id, state, attempts, failure_class, failure_code, failure_message, result
        from quern_run_line join quern_job on quern_job.id = job_id
       where run = ? and line > ?
       order by line
       limit ?
      """;

  /// Lines that follow a line, in order, with their results: at least one, if there is any, and
  /// fewer than `limit` where results are long.
  static List<RunLine> lines(Tx tx, long run, long after, int limit) throws SQLException {
    PreparedStatement query = tx.prepared(RUN_LINES);
    query.setLong(1, run);
    query.setLong(2, after);
    query.setInt(3, limit);
    List<RunLine> lines = new ArrayList<>();
    long chars = 0;
    try (ResultSet rows = query.executeQuery()) {
      while (chars < PAGE_CHARS && rows.next()) {
        RunLine line = line(rows);
        chars += chars(line);
        lines.add(line);
      }
    }
    return lines;
  }

  private static final String RUN_LINE =
      """
      select line, job_id, state, attempts, failure_class, failure_code, failure_message, result
        from quern_run_line join quern_job on quern_job.id = job_id
       where run = ? and line = ?
      """;

  /// One line with its result.
  static Optional<RunLine> line(Tx tx, long run, long line) throws SQLException {
    return tx.first(RUN_LINE, RunLineTable::line, run, line);
  }

  /// How long the result of a line is.
  static long chars(RunLine line) {
    return line.result().map(String::length).orElse(0);
  }

  private static RunLine line(ResultSet row) throws SQLException {
    JobState state = JobState.of(row.getString(3));
    return new RunLine(
        row.getLong(1),
        row.getLong(2),
        state,
        row.getInt(4),
        state == JobState.DONE ? Optional.ofNullable(row.getString(8)) : Optional.empty(),
        state == JobState.DONE ? Optional.empty() : failure(row));
  }

  private static Optional<Failure> failure(ResultSet row) throws SQLException {
    String failureClass = row.getString(5);
    return failureClass == null
        ? Optional.empty()
        : Optional.of(
            new Failure(FailureClass.of(failureClass), row.getString(6), row.getString(7)));
  }

  /// A place among the ended jobs of a state.
  record Place(long endedAt, long jobId) {}

  /// The seemingly idle `ended_at >= ?` lets SQLite use its index of ended jobs.
  static final String ENDED =
      """
      select ended_at, id
        from quern_job
       where lane = (select id from quern_lane where kind = ? and tenant = '' and requires = '')
         and state = ?
         and ended_at >= ?
         and (ended_at, id) > (?, ?)
       order by ended_at, id
       limit ?
      """;

  /// Jobs of a kind that ended in a state after a place, in order of ending.
  static List<Place> ended(Tx tx, String kind, JobState state, Place after, int limit)
      throws SQLException {
    return tx.query(
        ENDED,
        row -> new Place(row.getLong(1), row.getLong(2)),
        kind,
        state.label(),
        after.endedAt(),
        after.endedAt(),
        after.jobId(),
        limit);
  }

  private static final String OF_JOB =
      """
      select line, digest, state, requeues
        from quern_run_line join quern_job on quern_job.id = job_id
       where job_id = ? and run = ?
      """;

  /// The line of a job.
  static Optional<Taken> ofJob(Tx tx, long run, long jobId) throws SQLException {
    return tx.first(OF_JOB, RunLineTable::taken, jobId, run);
  }

  static final String LIVE =
      """
      select 1 from quern_lane
       where kind = ?
         and (exists (select 1 from quern_job where lane = quern_lane.id and state = 'ready')
           or exists (select 1 from quern_job where lane = quern_lane.id and state = 'running')
           or exists (select 1 from quern_job where lane = quern_lane.id and state = 'scheduled')
           or exists (select 1 from quern_job where lane = quern_lane.id and state = 'waiting'))
      """;

  /// Whether any job of a kind has not ended.
  static boolean live(Tx tx, String kind) throws SQLException {
    return tx.number(LIVE, kind) == 1;
  }

  private static final String JOBS =
      "select job_id from quern_run_line where run = ? and line > ? order by line limit ?";

  /// The jobs of the lines that follow a line.
  static List<Long> jobs(Tx tx, long run, long after, int limit) throws SQLException {
    return tx.query(JOBS, row -> row.getLong(1), run, after, limit);
  }

  private static final String DELETE = "delete from quern_run_line where run = ? and line > ?";

  /// Forgets the lines that follow a line.
  static void delete(Tx tx, long run, long after) throws SQLException {
    tx.update(DELETE, run, after);
  }
}
