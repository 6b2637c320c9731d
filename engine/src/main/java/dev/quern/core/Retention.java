package dev.quern.core;

import dev.quern.JobState;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Deletes ended jobs after their time, in small batches.
final class Retention implements Chore {
  private static final int PAGE = 500;

  private final Ledger ledger;
  private final Map<JobState, Duration> periods;
  private long dueAt = Long.MIN_VALUE;
  private int kindChanges;

  Retention(Ledger ledger) {
    this.ledger = ledger;
    this.periods = ledger.config().retention();
  }

  /// Takes note that jobs have ended, none of them before `since`: the first is due no earlier than
  /// after the shortest period.
  void endedSince(long since) {
    periods.values().stream()
        .mapToLong(Duration::toMillis)
        .min()
        .ifPresent(shortest -> dueAt = Math.min(dueAt, since + shortest));
  }

  @Override
  public long dueAt() {
    // A kind whose ended jobs were kept until now may have many to delete.
    return kindChanges == ledger.kinds().changes() ? dueAt : Long.MIN_VALUE;
  }

  @Override
  public void run(Tx tx) throws SQLException {
    dueAt = Long.MAX_VALUE;
    kindChanges = ledger.kinds().changes();
    for (Lane lane : List.copyOf(ledger.lanes().all())) {
      if (!ledger.kinds().policy(lane.kind()).keepsEnded()) {
        runLane(tx, lane);
      }
    }
  }

  private void runLane(Tx tx, Lane lane) throws SQLException {
    for (Map.Entry<JobState, Duration> period : periods.entrySet()) {
      delete(tx, lane, period.getKey(), period.getValue().toMillis());
      long millis = period.getValue().toMillis();
      JobTable.oldestEnd(tx, lane.id(), period.getKey())
          .ifPresent(end -> dueAt = Math.min(dueAt, end + millis + 1));
    }
  }

  private void delete(Tx tx, Lane lane, JobState state, long millis) throws SQLException {
    List<Long> expired = JobTable.expired(tx, lane.id(), state, ledger.now() - millis, PAGE);
    for (long id : expired) {
      JobTable.delete(tx, id);
    }
    if (!expired.isEmpty()) {
      ledger.changes().deleted();
      ledger.changes().uncount(lane.id(), state, expired.size());
    }
  }
}
