package dev.quern.core;

import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The SQL that shows jobs and changes nothing.
final class JobViewTable {
  private JobViewTable() {}

  private static final String COLUMNS =
      """
      j.id, l.kind, j.state, j.tenant, j.priority,
      coalesce(j.payload, (select payload from quern_payload where job_id = j.id)),
      l.requires, (select group_concat(tag, ',') from quern_tag where job_id = j.id),
      j.dedupe_key, j.affinity_key, j.created_at, j.available_at, j.started_at, j.ended_at,
      j.attempts, j.max_attempts, j.losses, j.requeues, j.fence, j.owner, j.lease_until,
      j.cancel_requested_at, j.progress, j.note, j.result,
      j.failure_class, j.failure_code, j.failure_message
      """;

  private static final String GET =
      "select "
          + COLUMNS
          + " from quern_job as j join quern_lane as l on l.id = j.lane where j.id = ?";

  static Optional<Job> get(Tx tx, long id) throws SQLException {
    return tx.first(GET, JobViewTable::job, id);
  }

  /// A job's place in a list: ended lists go by end, then id; others by id alone.
  record Place(long endedAt, long id) {
    /// Before all others.
    static final Place TOP = new Place(Long.MAX_VALUE, Long.MAX_VALUE);

    static final Comparator<Place> LAST_FIRST =
        Comparator.comparingLong(Place::endedAt).thenComparingLong(Place::id).reversed();
  }

  private static final String HOLDS =
      """
      select count(*) from quern_job
       where id = ? and (? is null or dedupe_key = ?)
         and (? is null or instr(lower(failure_message), lower(?)) > 0
             or instr(lower(failure_code), lower(?)) > 0)
         and (? is null or exists (select 1 from quern_tag where job_id = id and tag = ?))
      """;

  /// Whether a job has a dedupe key, its last failure a text, and itself a tag. Null for any asks
  /// for nothing.
  static boolean holds(Tx tx, long id, String key, String text, String tag) throws SQLException {
    return tx.number(HOLDS, id, key, key, text, text, text, tag, tag) == 1;
  }

  private static Job job(ResultSet row) throws SQLException {
    return new Job(
        row.getLong(1),
        Columns.present(row, 2),
        JobState.of(row.getString(3)),
        Columns.present(row, 4),
        row.getInt(5),
        Columns.present(row, 6),
        Lane.split(row.getString(7)),
        tags(row.getString(8)),
        Columns.text(row, 9),
        Columns.text(row, 10),
        Instant.ofEpochMilli(row.getLong(11)),
        Instant.ofEpochMilli(row.getLong(12)),
        Columns.instant(row, 13),
        Columns.instant(row, 14),
        row.getInt(15),
        Columns.number(row, 16).map(Math::toIntExact),
        row.getInt(17),
        row.getInt(18),
        row.getLong(19),
        Columns.number(row, 20),
        Columns.instant(row, 21),
        Columns.instant(row, 22),
        Columns.real(row, 23),
        Columns.text(row, 24),
        Columns.text(row, 25),
        failure(row));
  }

  private static List<String> tags(String joined) {
    return joined == null ? List.of() : List.of(joined.split(","));
  }

  private static Optional<Failure> failure(ResultSet row) throws SQLException {
    String failureClass = row.getString(26);
    return failureClass == null
        ? Optional.empty()
        : Optional.of(
            new Failure(FailureClass.of(failureClass), row.getString(27), row.getString(28)));
  }

  private static final String AHEAD =
      """
      select count(*) from (
        select 1 from quern_job
         where state = 'ready' and lane = ?
           and (priority, available_at, id) < (?, ?, ?)
         limit ?)
      """;

  /// How many ready jobs of a lane come before a job, counted up to a limit.
  static long ahead(Tx tx, long lane, Job job, int limit) throws SQLException {
    return tx.number(
        AHEAD, lane, job.priority(), job.availableAt().toEpochMilli(), job.id(), limit);
  }
}
