package dev.quern.program;

import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// All the SQL of `quern_program`.
final class ProgramTable {
  private ProgramTable() {}

  /// The shell of a program that may be alive.
  ///
  /// @param owner the engine that runs it
  /// @param file the database file for which it was written
  record Row(long jobId, long fence, long owner, ProcessId process, String file) {}

  private static final String ADMIT =
      """
      insert into quern_program (job_id, fence, owner, pid, started_at, file)
      select id, fence, ?, ?, ?, ?
        from quern_job
       where id = ? and fence = ? and state = 'running'
          on conflict (job_id) do update
         set fence = excluded.fence,
             owner = excluded.owner,
             pid = excluded.pid,
             started_at = excluded.started_at,
             file = excluded.file
       where quern_program.fence < excluded.fence
      """;

  /// Writes the row of a program, if its job is still running under its fence.
  static boolean admit(Tx tx, Row row) throws SQLException {
    ProcessId process = row.process();
    return tx.update(
            ADMIT,
            row.owner(),
            process.pid(),
            process.startedAt(),
            row.file(),
            row.jobId(),
            row.fence())
        > 0;
  }

  private static final String DELETE = "delete from quern_program where job_id = ? and fence = ?";

  /// Deletes rows, unless later attempts have replaced them.
  ///
  /// @return how many were asked for
  static int delete(Tx tx, List<Row> rows) throws SQLException {
    for (Row row : rows) {
      tx.update(DELETE, row.jobId(), row.fence());
    }
    return rows.size();
  }

  private static final String FIND =
      """
      select job_id, fence, owner, pid, started_at, file
        from quern_program
       where job_id = ?
      """;

  static Optional<Row> find(Tx tx, long jobId) throws SQLException {
    return tx.first(FIND, ProgramTable::row, jobId);
  }

  private static final String OWNERS = "select distinct owner from quern_program";

  /// The engines that have rows.
  static List<Long> owners(Tx tx) throws SQLException {
    return tx.query(OWNERS, row -> row.getLong(1));
  }

  private static final String OF_OWNER =
      """
      select job_id, fence, owner, pid, started_at, file
        from quern_program
       where owner = ?
       limit ?
      """;

  /// Rows of an engine.
  static List<Row> ofOwner(Tx tx, long owner, int limit) throws SQLException {
    return tx.query(OF_OWNER, ProgramTable::row, owner, limit);
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        new ProcessId(row.getLong(4), row.getString(5)),
        row.getString(6));
  }
}
