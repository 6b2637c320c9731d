package dev.quern.core;

import static dev.quern.Transition.CANCEL;
import static dev.quern.Transition.CLAIM;
import static dev.quern.Transition.COMPLETE;
import static dev.quern.Transition.DEFER;
import static dev.quern.Transition.FAIL;
import static dev.quern.Transition.HAND_BACK;
import static dev.quern.Transition.RECLAIM;
import static dev.quern.Transition.REQUEUE;
import static dev.quern.Transition.RETRY;
import static dev.quern.Transition.RIPEN;

import dev.quern.Failure;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Transition;
import dev.quern.store.Tx;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The SQL that changes `quern_job`. Every statement that moves a job carries the guard of its
/// [Transition]; those on behalf of a worker compare the fence too.
final class JobTable {
  /// Longer payloads are kept in `quern_payload`, so that moving the job does not write them again.
  static final int INLINE_PAYLOAD = 1_000;

  private JobTable() {}

  // ---- new jobs

  /// The id after the last one ever given, as the database counts.
  static long nextId(Tx tx) throws SQLException {
    return tx.number(tx.dialect().lastId(), "quern_job") + 1;
  }

  private static final String INSERT =
      """
      %s into quern_job (id, lane, state, priority, available_at, created_at, max_attempts,
          tenant, dedupe_key, affinity_key, payload)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) %s
      """;

  /// The statement that inserts a job with an id of our own, unless a live one has its dedupe key.
  static PreparedStatement insert(Tx tx) throws SQLException {
    return tx.prepared(
        INSERT.formatted(tx.dialect().insertOrIgnore(), tx.dialect().onConflictIgnore()));
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

  private static final String INSERT_RETURNING =
      """
      %s into quern_job (lane, state, priority, available_at, created_at, max_attempts,
          tenant, dedupe_key, affinity_key, payload)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) %s
      returning id
      """;

  /// Inserts a job in a transaction of the caller's, where the database gives the id; empty if a
  /// live job has its dedupe key.
  static Optional<Long> insertReturning(Tx tx, NewRow row) throws SQLException {
    NewJob job = row.draft().job();
    return tx.first(
        INSERT_RETURNING.formatted(tx.dialect().insertOrIgnore(), tx.dialect().onConflictIgnore()),
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

  private static final String LIVE_WITH_KEY =
      """
      select id from quern_job
       where tenant = ? and dedupe_key = ?
         and state in ('waiting', 'scheduled', 'ready', 'running')
      """;

  /// The live job that has a dedupe key.
  static Optional<Long> liveWithKey(Tx tx, String tenant, String key) throws SQLException {
    return tx.first(LIVE_WITH_KEY, row -> row.getLong(1), tenant, key);
  }

  // ---- claims

  private static final String CLAIM_BEST =
      """
      update quern_job
         set state = '%s', fence = fence + 1, attempts = attempts + 1, owner = ?, lease_until = ?,
             started_at = ?
       where id in (
             select id from quern_job
              where %s and lane = ? %%s
              order by priority, available_at, id
              limit ?)
      returning id, fence, attempts, priority, available_at, requeues, affinity_key,
             coalesce(payload, (select payload from quern_payload where job_id = quern_job.id))
      """
          .formatted(CLAIM.target().label(), CLAIM.guard());

  private static final String CLAIM_ANY = CLAIM_BEST.formatted("");

  private static final String CLAIM_AFFINE =
      CLAIM_BEST.formatted("and affinity_key = ? and priority = ?");

  /// Claims the best ready jobs of a lane.
  static List<Claimed> claim(Tx tx, Lane lane, int limit, Stamp stamp) throws SQLException {
    return tx.query(
        CLAIM_ANY,
        row -> claimed(row, lane, stamp),
        stamp.owner(),
        stamp.leaseUntil(),
        stamp.now(),
        lane.id(),
        limit);
  }

  /// Claims the best ready jobs of a lane that have an affinity key and a priority.
  static List<Claimed> claimAffine(
      Tx tx, Lane lane, int limit, Stamp stamp, String affinityKey, int priority)
      throws SQLException {
    return tx.query(
        CLAIM_AFFINE,
        row -> claimed(row, lane, stamp),
        stamp.owner(),
        stamp.leaseUntil(),
        stamp.now(),
        lane.id(),
        affinityKey,
        priority,
        limit);
  }

  /// Who claims, when, and until when.
  record Stamp(long owner, long now, long leaseUntil) {}

  private static Claimed claimed(ResultSet row, Lane lane, Stamp stamp) throws SQLException {
    return new Claimed(
        row.getLong(1),
        lane,
        row.getLong(2),
        row.getInt(3),
        row.getInt(4),
        row.getLong(5),
        row.getInt(6),
        row.getString(7),
        row.getString(8),
        stamp.now());
  }

  private static final String HEADS =
      """
      select priority, available_at, id from quern_job
       where state = 'ready' and lane = ?
       order by priority, available_at, id
       limit ?
      """;

  /// The best ready jobs of a lane, without claiming them.
  static List<Head> heads(Tx tx, Lane lane, int limit) throws SQLException {
    return tx.query(
        HEADS,
        row -> new Head(lane, row.getInt(1), row.getLong(2), row.getLong(3)),
        lane.id(),
        limit);
  }

  /// A ready job at the front of its lane.
  record Head(Lane lane, int priority, long availableAt, long id) implements Comparable<Head> {
    private static final Comparator<Head> ORDER =
        Comparator.comparingInt(Head::priority)
            .thenComparingLong(Head::availableAt)
            .thenComparingLong(Head::id);

    @Override
    public int compareTo(Head other) {
      return ORDER.compare(this, other);
    }
  }

  private static final String RUNNING_OF_KIND =
      """
      select count(*) from quern_job
       where state = 'running'
         and lane in (select id from quern_lane where kind = ?)
      """;

  /// How many jobs of a kind run, over all processes.
  static long runningOfKind(Tx tx, String kind) throws SQLException {
    return tx.number(RUNNING_OF_KIND, kind);
  }

  // ---- ends of attempts

  private static final String COMPLETE_PLAIN =
      """
      update quern_job
         set state = '%s', ended_at = ?, result = ?, lease_until = null
       where id = ? and fence = ? and %s
      """
          .formatted(COMPLETE.target().label(), COMPLETE.guard());

  /// The statement that completes a job: ended at, result, id, fence.
  static PreparedStatement complete(Tx tx) throws SQLException {
    return tx.prepared(COMPLETE_PLAIN);
  }

  private static final String COMPLETE_UNCOUNTED =
      """
      update quern_job
         set state = '%s', ended_at = ?, result = ?, lease_until = null, uncounted = 1
       where id = ? and fence = ? and %s
      """
          .formatted(COMPLETE.target().label(), COMPLETE.guard());

  /// Completes a job in a transaction of the caller's, which does not count it.
  static boolean completeUncounted(Tx tx, long id, long fence, String result, long now)
      throws SQLException {
    return tx.update(COMPLETE_UNCOUNTED, now, result, id, fence) == 1;
  }

  private static final String ACKNOWLEDGE =
      """
      update quern_job set uncounted = null
       where id = ? and fence = ? and uncounted is not null
      """;

  /// Takes note of an end that a caller's transaction recorded; false if there is none.
  static boolean acknowledge(Tx tx, long id, long fence) throws SQLException {
    return tx.update(ACKNOWLEDGE, id, fence) == 1;
  }

  private static final String HELD =
      """
      select id, lane, fence, owner, started_at, attempts, max_attempts, losses,
             cancel_requested_at is not null, deferred_since
        from quern_job where id = ? and fence = ? and state = 'running'
      """;

  /// The running job with this fence.
  static Optional<Held> held(Tx tx, long id, long fence) throws SQLException {
    return tx.first(HELD, JobTable::held, id, fence);
  }

  private static Held held(ResultSet row) throws SQLException {
    return new Held(
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getInt(6),
        Columns.number(row, 7).map(Math::toIntExact),
        row.getInt(8),
        row.getInt(9) == 1,
        Columns.number(row, 10));
  }

  private static final String END_ATTEMPT =
      """
      update quern_job
         set state = '%s', lease_until = null, %s
       where id = ? and fence = ? and %s
      """;

  private static String endAttempt(Transition transition, String changes) {
    return END_ATTEMPT.formatted(transition.target().label(), changes, transition.guard());
  }

  private static final String FAILURE = "failure_class = ?, failure_code = ?, failure_message = ?";

  private static final String FAIL_JOB =
      endAttempt(FAIL, "ended_at = ?, attempts = ?, losses = ?, " + FAILURE);

  static void fail(Tx tx, Held job, Budget spent, Failure why, long now) throws SQLException {
    tx.update(
        FAIL_JOB,
        now,
        spent.attempts(),
        spent.losses(),
        why.failureClass().label(),
        why.code(),
        why.message(),
        job.id(),
        job.fence());
  }

  private static final String RETRY_JOB =
      endAttempt(RETRY, "available_at = ?, deferred_since = null, " + FAILURE);

  static void retry(Tx tx, Held job, Failure why, long availableAt) throws SQLException {
    tx.update(
        RETRY_JOB,
        availableAt,
        why.failureClass().label(),
        why.code(),
        why.message(),
        job.id(),
        job.fence());
  }

  private static final String RECLAIM_JOB =
      endAttempt(RECLAIM, "available_at = ?, attempts = ?, losses = ?, " + FAILURE);

  static void reclaim(Tx tx, Held job, Budget spent, Failure why, long availableAt)
      throws SQLException {
    tx.update(
        RECLAIM_JOB,
        availableAt,
        spent.attempts(),
        spent.losses(),
        why.failureClass().label(),
        why.code(),
        why.message(),
        job.id(),
        job.fence());
  }

  private static final String DEFER_JOB =
      endAttempt(DEFER, "available_at = ?, attempts = ?, deferred_since = ?, note = ?");

  static void defer(Tx tx, Held job, long availableAt, long since, String reason)
      throws SQLException {
    tx.update(DEFER_JOB, availableAt, job.attempts() - 1, since, reason, job.id(), job.fence());
  }

  private static final String HAND_BACK_JOB = endAttempt(HAND_BACK, "attempts = ?");

  static void handBack(Tx tx, Held job) throws SQLException {
    tx.update(HAND_BACK_JOB, job.attempts() - 1, job.id(), job.fence());
  }

  private static final String CANCEL_RUNNING = endAttempt(CANCEL, "ended_at = ?");

  static void cancelRunning(Tx tx, Held job, long now) throws SQLException {
    tx.update(CANCEL_RUNNING, now, job.id(), job.fence());
  }

  /// What a job has spent after an attempt.
  record Budget(int attempts, int losses) {}

  private static final String PROGRESS =
      """
      update quern_job set progress = coalesce(?, progress), note = coalesce(?, note)
       where id = ? and fence = ?
      """;

  /// Keeps what a handler said, whatever became of the attempt.
  static void progress(Tx tx, long id, long fence, Optional<Double> progress, Optional<String> note)
      throws SQLException {
    tx.update(PROGRESS, progress.orElse(null), note.orElse(null), id, fence);
  }

  // ---- leases

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
      select distinct owner, 0 from quern_job
       where uncounted is not null and owner <> ?
      """;

  /// Another owner that has jobs.
  ///
  /// @param leaseUntil when its first lease runs out; 0 if it left an end uncounted
  record Other(long owner, long leaseUntil) {}

  static List<Other> otherOwners(Tx tx, long self) throws SQLException {
    return tx.query(OTHER_OWNERS, row -> new Other(row.getLong(1), row.getLong(2)), self, self);
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
    return tx.query(LOST, JobTable::held, owner, deadline, limit);
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

  // ---- time

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

  // ---- requests from outside

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
      select id, lane, state, fence, tenant, dedupe_key, uncounted is null
        from quern_job where id = ? and state in ('done', 'failed', 'cancelled')
      """;

  /// An ended job that may be requeued or deleted.
  record Ended(
      long id,
      long lane,
      JobState state,
      long fence,
      String tenant,
      Optional<String> dedupeKey,
      boolean counted) {}

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
        row.getInt(7) == 1);
  }

  private static final String FAILED =
      """
      select id, lane, state, fence, tenant, dedupe_key, uncounted is null
        from quern_job
       where lane = ? and state = 'failed' and id < ? and (? = 0 or failure_class <> 'unrecoverable')
       order by id desc
       limit ?
      """;

  /// A page of the failed jobs of a lane with smaller ids, newest first.
  static List<Ended> failed(Tx tx, long lane, long below, boolean recoverableOnly, int limit)
      throws SQLException {
    return tx.query(FAILED, JobTable::ended, lane, below, recoverableOnly ? 1 : 0, limit);
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

  // ---- the end of ended jobs

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
         and state in ('done', 'failed', 'cancelled')
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
       where lane = ? and state = ? and uncounted is null
         and state in ('done', 'failed', 'cancelled')
       order by ended_at limit 1
      """;

  /// When the oldest ended job of a lane ended.
  static Optional<Long> oldestEnd(Tx tx, long lane, JobState state) throws SQLException {
    return tx.first(OLDEST_END, row -> row.getLong(1), lane, state.label());
  }

  private static final String LIVE_OF_LANE =
      """
      select id, lane, fence from quern_job
       where lane = ? and state in ('waiting', 'scheduled', 'ready') limit ?
      """;

  /// A page of the jobs of a lane that wait for something.
  static List<Moved> notRunning(Tx tx, long lane, int limit) throws SQLException {
    return tx.query(
        LIVE_OF_LANE,
        row -> new Moved(row.getLong(1), row.getLong(2), row.getLong(3)),
        lane,
        limit);
  }
}
