package dev.quern.core;

import static dev.quern.Transition.CANCEL;
import static dev.quern.Transition.REQUEUE;
import static dev.quern.Transition.RIPEN;

import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.json.Json;
import dev.quern.store.Contradiction;
import dev.quern.store.Tx;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// The SQL that adds jobs to `quern_job`, takes them out, and moves them without a worker. Every
/// statement that moves a job carries the guard of its [dev.quern.Transition].
final class JobTable {
  /// Longer payloads are kept in `quern_payload`, so that moving the job does not write them again.
  static final int INLINE_PAYLOAD = 1_000;

  private JobTable() {}

  /// The id after the last one ever given, as the database counts.
  static long nextId(Tx tx) throws SQLException {
    return tx.number(tx.dialect().lastId(), "quern_job") + 1;
  }

  private static final String INSERT =
      """
      {insert or ignore} into quern_job (id, lane, state, priority, available_at, created_at,
          max_attempts, tenant, dedupe_key, affinity_key, payload)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) {on conflict ignore}
      """;

  /// The statement that inserts a job with an id of our own, unless a live one has its dedupe key.
  static PreparedStatement insert(Tx tx) throws SQLException {
    return tx.prepared(INSERT);
  }

  /// Sets the arguments of [#insert].
  static void bind(PreparedStatement insert, NewRow row) throws SQLException {
    NewJob job = row.draft().job();
    insert.setLong(1, row.id());
    insert.setLong(2, row.lane().id());
    insert.setString(3, row.state().label());
    insert.setInt(4, row.priority());
    insert.setLong(5, row.availableAt());
    insert.setLong(6, row.createdAt());
    insert.setObject(7, job.maxAttempts().isPresent() ? job.maxAttempts().getAsInt() : null);
    insert.setString(8, row.lane().tenant());
    insert.setString(9, job.dedupeKey().orElse(null));
    insert.setString(10, job.affinityKey().orElse(null));
    insert.setString(11, row.longPayload() ? null : row.draft().payload());
  }

  private static final String INSERT_ALIKE =
      """
      insert into quern_job (id, lane, state, priority, available_at, created_at, tenant, payload)
      select id, ?, ?, ?, ?, ?, ?, value from ({members}) as j
      """;

  /// Inserts jobs that differ in id and payload only: one statement from a JSON object takes half
  /// the time of one for each row.
  static void insertAlike(Tx tx, NewRow.Alike alike, List<NewRow> rows) throws SQLException {
    insertAlike(tx, INSERT_ALIKE, alike, payloadsById(rows));
  }

  private static final String INSERT_NEXT =
      """
      insert into quern_job (lane, state, priority, available_at, created_at, tenant, payload)
      select ?, ?, ?, ?, ?, ?, value from ({elements}) as j
      """;

  /// Inserts jobs that differ in id and payload only and have the next ids in their order, so that
  /// the database gives each its own: it need not look whether there is one, and the statement
  /// takes a sixth less.
  static void insertNext(Tx tx, NewRow.Alike alike, List<NewRow> rows) throws SQLException {
    insertAlike(tx, INSERT_NEXT, alike, payloads(rows));
    long next = nextId(tx);
    if (next != rows.getLast().id() + 1) {
      throw new Contradiction(
          "the next job would have the id %d, not %d".formatted(next, rows.getLast().id() + 1));
    }
  }

  private static void insertAlike(Tx tx, String sql, NewRow.Alike alike, String payloads)
      throws SQLException {
    tx.update(
        sql,
        alike.lane().id(),
        alike.state().label(),
        alike.priority(),
        alike.availableAt(),
        alike.createdAt(),
        alike.lane().tenant(),
        payloads);
  }

  private static String payloads(List<NewRow> rows) {
    StringBuilder array = new StringBuilder(64 * rows.size());
    for (NewRow row : rows) {
      Json.quote(row.draft().payload(), array.append(array.isEmpty() ? '[' : ','));
    }
    return array.append(']').toString();
  }

  private static String payloadsById(List<NewRow> rows) {
    StringBuilder object = new StringBuilder(64 * rows.size());
    for (NewRow row : rows) {
      object.append(object.isEmpty() ? "{\"" : ",\"").append(row.id()).append("\":");
      Json.quote(row.draft().payload(), object);
    }
    return object.append('}').toString();
  }

  private static final String INSERT_RETURNING =
      """
      {insert or ignore} into quern_job (lane, state, priority, available_at, created_at,
          max_attempts, tenant, dedupe_key, affinity_key, payload)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) {on conflict ignore}
      returning id
      """;

  /// Inserts a job in a transaction of the caller's, where the database gives the id; empty if a
  /// live job has its dedupe key.
  static Optional<Long> insertReturning(Tx tx, NewRow row) throws SQLException {
    NewJob job = row.draft().job();
    return tx.first(
        INSERT_RETURNING,
        result -> result.getLong(1),
        row.lane().id(),
        row.state().label(),
        row.priority(),
        row.availableAt(),
        row.createdAt(),
        job.maxAttempts().isPresent() ? job.maxAttempts().getAsInt() : null,
        row.lane().tenant(),
        job.dedupeKey().orElse(null),
        job.affinityKey().orElse(null),
        row.longPayload() ? null : row.draft().payload());
  }

  private static final String INSERT_PAYLOAD =
      "insert into quern_payload (job_id, payload) values (?, ?)";

  static void insertPayload(Tx tx, long id, String payload) throws SQLException {
    tx.update(INSERT_PAYLOAD, id, payload);
  }

  private static final String INSERT_TAG = "insert into quern_tag (job_id, tag) values (?, ?)";

  static void insertTag(Tx tx, long id, String tag) throws SQLException {
    tx.update(INSERT_TAG, id, tag);
  }

  private static final String INSERT_WEBHOOK =
      "insert into quern_job_webhook (job_id, url) values (?, ?)";

  static void insertWebhook(Tx tx, long id, String url) throws SQLException {
    tx.update(INSERT_WEBHOOK, id, url);
  }

  private static final String LIVE_WITH_KEY =
      """
      select id from quern_job
       where tenant = ? and dedupe_key = ? and ended_at is null
      """;

  /// The live job that has a dedupe key.
  static Optional<Long> liveWithKey(Tx tx, String tenant, String key) throws SQLException {
    return tx.first(LIVE_WITH_KEY, row -> row.getLong(1), tenant, key);
  }

  private static final String RIPEN_JOBS =
      """
      update quern_job set state = '%s'
       where id in (
             select id from quern_job where %s and available_at <= ?
              order by available_at limit ?)
      returning id, lane, fence
      """
          .formatted(RIPEN.target().label(), RIPEN.guard());

  /// Makes a page of scheduled jobs ready whose time has come.
  static List<Moved> ripen(Tx tx, long now, int limit) throws SQLException {
    return tx.query(
        RIPEN_JOBS, row -> new Moved(row.getLong(1), row.getLong(2), row.getLong(3)), now, limit);
  }

  /// A job that was moved.
  record Moved(long id, long lane, long fence) {}

  private static final String NEXT_DUE =
      "select min(available_at) from quern_job where state = 'scheduled'";

  /// When the next scheduled job is due.
  static Optional<Long> nextDue(Tx tx) throws SQLException {
    return tx.first(NEXT_DUE, row -> Columns.number(row, 1)).flatMap(due -> due);
  }

  private static final String CANCEL_WAITING =
      """
      update quern_job set state = '%s', ended_at = ?, note = ?
       where id = ? and state in ('waiting', 'scheduled', 'ready')
      returning lane, fence
      """
          .formatted(CANCEL.target().label());

  /// Cancels a job that is not running; empty if it is, or has ended.
  static Optional<Moved> cancelWaiting(Tx tx, long id, String reason, long now)
      throws SQLException {
    return tx.first(
        CANCEL_WAITING, row -> new Moved(id, row.getLong(1), row.getLong(2)), now, reason, id);
  }

  private static final String CHANGE =
      """
      update quern_job set priority = ?, available_at = ?, state = ?
       where id = ? and fence = ? and state = ? and priority = ? and available_at = ?
         and state in ('waiting', 'scheduled', 'ready')
      returning lane, fence
      """;

  /// Changes a job that is not running, if it is still as it was seen.
  static Optional<Moved> change(Tx tx, Job seen, int priority, long availableAt, JobState state)
      throws SQLException {
    return tx.first(
        CHANGE,
        row -> new Moved(seen.id(), row.getLong(1), row.getLong(2)),
        priority,
        availableAt,
        state.label(),
        seen.id(),
        seen.fence(),
        seen.state().label(),
        seen.priority(),
        seen.availableAt().toEpochMilli());
  }

  private static final String REQUEST_CANCEL =
      """
      update quern_job set cancel_requested_at = coalesce(cancel_requested_at, ?), note = ?
       where id = ? and state = 'running'
      """;

  static boolean requestCancel(Tx tx, long id, String reason, long now) throws SQLException {
    return tx.update(REQUEST_CANCEL, now, reason, id) == 1;
  }

  private static final String ENDED =
      """
      select id, lane, state, fence, tenant, dedupe_key, uncounted is null, ended_at
        from quern_job where id = ? and ended_at is not null
      """;

  /// An ended job that may be requeued or deleted.
  record Ended(
      long id,
      long lane,
      JobState state,
      long fence,
      String tenant,
      Optional<String> dedupeKey,
      boolean counted,
      long endedAt) {
    JobViewTable.Place place() {
      return new JobViewTable.Place(endedAt, id);
    }
  }

  static Optional<Ended> ended(Tx tx, long id) throws SQLException {
    return tx.first(ENDED, JobTable::ended, id);
  }

  private static Ended ended(ResultSet row) throws SQLException {
    return new Ended(
        row.getLong(1),
        row.getLong(2),
        JobState.of(row.getString(3)),
        row.getLong(4),
        row.getString(5),
        Columns.text(row, 6),
        row.getInt(7) == 1,
        row.getLong(8));
  }

  private static final String FAILED =
      """
      select id, lane, state, fence, tenant, dedupe_key, uncounted is null, ended_at
        from quern_job
       where lane = ? and state = 'failed' and ended_at is not null and (ended_at, id) < (?, ?)
         and (? = 0 or failure_class <> 'unrecoverable')
       order by ended_at desc, id desc
       limit ?
      """;

  /// A page of the failed jobs of a lane before a place, the last to fail first.
  static List<Ended> failed(
      Tx tx, long lane, JobViewTable.Place below, boolean recoverableOnly, int limit)
      throws SQLException {
    return tx.query(
        FAILED, JobTable::ended, lane, below.endedAt(), below.id(), recoverableOnly ? 1 : 0, limit);
  }

  private static final String UNRECOVERABLE =
      """
      select count(*) from quern_job
       where lane = ? and state = 'failed' and ended_at is not null
         and failure_class = 'unrecoverable'
      """;

  /// How many failed jobs of a lane failed last in a way that will not pass.
  static long unrecoverable(Tx tx, long lane) throws SQLException {
    return tx.number(UNRECOVERABLE, lane);
  }

  private static final String REQUEUE_JOB =
      """
      update quern_job
         set state = '%s', attempts = 0, losses = 0, requeues = requeues + 1, available_at = ?,
             ended_at = null, result = null, uncounted = null, cancel_requested_at = null,
             deferred_since = null, progress = null, note = null
       where id = ? and %s
      """
          .formatted(REQUEUE.target().label(), REQUEUE.guard());

  static void requeue(Tx tx, long id, long now) throws SQLException {
    tx.update(REQUEUE_JOB, now, id);
  }

  private static final String DELETE = "delete from quern_job where id = ?";

  /// Deletes a job; its attempts, tags, log and payload go with it.
  static void delete(Tx tx, long id) throws SQLException {
    tx.update(DELETE, id);
  }

  private static final String DELETE_WAITING =
      "delete from quern_job where id = ? and state in ('waiting', 'scheduled', 'ready')";

  /// Deletes a job that is not running and has not ended.
  static boolean deleteWaiting(Tx tx, long id) throws SQLException {
    return tx.update(DELETE_WAITING, id) == 1;
  }

  private static final String EXPIRED =
      """
      select id from quern_job
       where lane = ? and state = ? and ended_at < ? and uncounted is null
       order by ended_at limit ?
      """;

  /// A page of ended jobs of a lane that ended before `before`.
  static List<Long> expired(Tx tx, long lane, JobState state, long before, int limit)
      throws SQLException {
    return tx.query(EXPIRED, row -> row.getLong(1), lane, state.label(), before, limit);
  }

  private static final String OLDEST_END =
      """
      select ended_at from quern_job
       where lane = ? and state = ? and ended_at is not null and uncounted is null
       order by ended_at limit 1
      """;

  /// When the oldest ended job of a lane ended.
  static Optional<Long> oldestEnd(Tx tx, long lane, JobState state) throws SQLException {
    return tx.first(OLDEST_END, row -> row.getLong(1), lane, state.label());
  }

  private static final String LIVE_OF_LANE =
      """
      select id, lane, fence from quern_job where state = 'ready' and lane = ?
      union all
      select id, lane, fence from quern_job where state = 'scheduled' and lane = ?
      union all
      select id, lane, fence from quern_job where state = 'waiting' and lane = ?
      limit ?
      """;

  /// A page of the jobs of a lane that wait for something.
  static List<Moved> notRunning(Tx tx, long lane, int limit) throws SQLException {
    return tx.query(
        LIVE_OF_LANE,
        row -> new Moved(row.getLong(1), row.getLong(2), row.getLong(3)),
        lane,
        lane,
        lane,
        limit);
  }
}
