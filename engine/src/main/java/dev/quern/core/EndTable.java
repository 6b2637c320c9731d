package dev.quern.core;

import static dev.quern.Transition.CANCEL;
import static dev.quern.Transition.COMPLETE;
import static dev.quern.Transition.DEFER;
import static dev.quern.Transition.FAIL;
import static dev.quern.Transition.HAND_BACK;
import static dev.quern.Transition.RECLAIM;
import static dev.quern.Transition.RETRY;

import dev.quern.Failure;
import dev.quern.Transition;
import dev.quern.store.Tx;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// The SQL that ends attempts. Every statement compares the fence, and carries the guard of its
/// [Transition].
final class EndTable {
  private EndTable() {}

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

  private static final String COUNT_HELD =
      "select count(*) from quern_job where id in ({numbers}) and fence = ? and %s"
          .formatted(COMPLETE.guard());

  private static final String COUNT_HELD_RANGE =
      COUNT_HELD.replace("in ({numbers})", "between ? and ?");

  private static final String COMPLETE_THESE =
      """
      update quern_job
         set state = '%s', ended_at = ?, result = null, lease_until = null
       where id in ({numbers}) and fence = ? and %s
      """
          .formatted(COMPLETE.target().label(), COMPLETE.guard());

  private static final String COMPLETE_RANGE =
      COMPLETE_THESE.replace("in ({numbers})", "between ? and ?");

  /// How many of these leases of one fence are held.
  static long countHeld(Tx tx, long[] jobs, long fence) throws SQLException {
    long held = 0;
    for (Ids ids : Ids.of(jobs)) {
      held += countHeld(tx, ids, fence);
    }
    return held;
  }

  /// Completes jobs of one fence that have no result, as far as their leases are held; returns how
  /// many are.
  static long completeAll(Tx tx, long[] jobs, long fence, long now) throws SQLException {
    long held = 0;
    for (Ids ids : Ids.of(jobs)) {
      held += complete(tx, ids, fence, now);
    }
    return held;
  }

  private static long countHeld(Tx tx, Ids ids, long fence) throws SQLException {
    return switch (ids) {
      case Ids.Range(long first, long last) -> tx.number(COUNT_HELD_RANGE, first, last, fence);
      case Ids.Listed(String array) -> tx.number(COUNT_HELD, array, fence);
    };
  }

  private static int complete(Tx tx, Ids ids, long fence, long now) throws SQLException {
    return switch (ids) {
      case Ids.Range(long first, long last) -> tx.update(COMPLETE_RANGE, now, first, last, fence);
      case Ids.Listed(String array) -> tx.update(COMPLETE_THESE, now, array, fence);
    };
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
    return tx.first(HELD, EndTable::held, id, fence);
  }

  static Held held(ResultSet row) throws SQLException {
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
}
