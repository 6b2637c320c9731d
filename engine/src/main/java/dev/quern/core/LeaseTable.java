package dev.quern.core;

import dev.quern.JobState;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The SQL of leases: who holds them, who lost them, who must let go.
final class LeaseTable {
  private LeaseTable() {}

  private static final String RENEW =
      "update quern_job set lease_until = ? where state = 'running' and owner = ?";

  /// Renews all leases of an owner; returns how many it has.
  static int renewAll(Tx tx, long owner, long leaseUntil) throws SQLException {
    return tx.update(RENEW, leaseUntil, owner);
  }

  private static final String RENEW_ONE =
      "update quern_job set lease_until = ? where id = ? and fence = ? and state = 'running'";

  static boolean renew(Tx tx, long id, long fence, long leaseUntil) throws SQLException {
    return tx.update(RENEW_ONE, leaseUntil, id, fence) == 1;
  }

  private static final String STARTS =
      "select id, lane, started_at from quern_job where id in ({numbers})";

  /// Where a job is, and when it was claimed last; 0 if it never was.
  record Start(long lane, long startedAt) {}

  /// The starts of jobs, by the ids of those that are there.
  static Map<Long, Start> starts(Tx tx, List<Long> jobs) throws SQLException {
    Map<Long, Start> starts = new HashMap<>();
    tx.query(
        STARTS,
        row -> starts.put(row.getLong(1), new Start(row.getLong(2), row.getLong(3))),
        Columns.array(jobs));
    return starts;
  }

  private static final String STATE = "select state from quern_job where id = ?";

  /// Where a job stands.
  static Optional<JobState> state(Tx tx, long id) throws SQLException {
    return tx.first(STATE, row -> JobState.of(row.getString(1)), id);
  }

  private static final String RUNNING_OF_OWNER =
      "select id, fence from quern_job where state = 'running' and owner = ?";

  /// The jobs an owner runs, as id and fence.
  static List<Running> runningOf(Tx tx, long owner) throws SQLException {
    return tx.query(RUNNING_OF_OWNER, row -> new Running(row.getLong(1), row.getLong(2)), owner);
  }

  /// A running job and its fence.
  record Running(long id, long fence) {}

  private static final String CANCELLING =
      """
      select id, fence from quern_job
       where state = 'running' and cancel_requested_at is not null and owner = ?
      """;

  /// The jobs of an owner that were asked to stop.
  static List<Running> cancelling(Tx tx, long owner) throws SQLException {
    return tx.query(CANCELLING, row -> new Running(row.getLong(1), row.getLong(2)), owner);
  }

  private static final String OTHER_OWNERS =
      """
      select owner, min(lease_until) from quern_job
       where state = 'running' and owner <> ?
       group by owner
      union all
      select distinct owner, null from quern_job
       where uncounted is not null and owner <> ?
      """;

  /// Another owner that has jobs.
  ///
  /// @param leaseUntil when its first lease runs out; empty if it only left an end uncounted
  record Other(long owner, Optional<Long> leaseUntil) {}

  static List<Other> otherOwners(Tx tx, long self) throws SQLException {
    return tx.query(
        OTHER_OWNERS, row -> new Other(row.getLong(1), Columns.number(row, 2)), self, self);
  }

  private static final String LOST =
      """
      select id, lane, fence, owner, started_at, attempts, max_attempts, losses,
             cancel_requested_at is not null, deferred_since
        from quern_job
       where state = 'running' and owner = ? and lease_until < ?
       limit ?
      """;

  /// A page of the running jobs of an owner whose leases ended before `deadline`.
  static List<Held> lost(Tx tx, long owner, long deadline, int limit) throws SQLException {
    return tx.query(LOST, EndTable::held, owner, deadline, limit);
  }

  private static final String UNCOUNTED =
      """
      select id, fence, lane from quern_job
       where owner = ? and uncounted is not null limit ?
      """;

  /// An end that a caller's transaction recorded and nobody took note of.
  record Uncounted(long id, long fence, long lane) {}

  static List<Uncounted> uncounted(Tx tx, long owner, int limit) throws SQLException {
    return tx.query(
        UNCOUNTED,
        row -> new Uncounted(row.getLong(1), row.getLong(2), row.getLong(3)),
        owner,
        limit);
  }
}
