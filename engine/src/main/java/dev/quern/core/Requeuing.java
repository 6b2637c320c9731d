package dev.quern.core;

import dev.quern.JobState;
import dev.quern.Requeued;
import dev.quern.Transition;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Lets ended jobs run again, in one transaction. Only this can meet the unique index of dedupe
/// keys: a job whose key has a live job stays as it is.
final class Requeuing {
  private static final int PAGE = 500;
  private static final Comparator<JobTable.Ended> LAST_FIRST =
      Comparator.comparing(JobTable.Ended::place, JobViewTable.Place.LAST_FIRST);

  private final Core core;
  private final Tx tx;
  private final Report report = new Report();

  Requeuing(Core core, Tx tx) {
    this.core = core;
    this.tx = tx;
  }

  /// A page of failed jobs.
  ///
  /// @param next where the next page begins; empty after the last
  record PageResult(Requeued requeued, Optional<JobViewTable.Place> next) {}

  /// Requeues a page of the failed jobs of one kind or of all, the last to fail first, so that of
  /// those with the same key the newest wins.
  PageResult page(
      Scope scope, Optional<String> kind, JobViewTable.Place below, boolean recoverableOnly)
      throws SQLException {
    List<JobTable.Ended> page = failed(scope, kind, below, recoverableOnly);
    for (JobTable.Ended job : page) {
      requeue(job);
    }
    return new PageResult(
        report(), page.size() < PAGE ? Optional.empty() : Optional.of(page.getLast().place()));
  }

  private List<JobTable.Ended> failed(
      Scope scope, Optional<String> kind, JobViewTable.Place below, boolean recoverableOnly)
      throws SQLException {
    List<JobTable.Ended> failed = new ArrayList<>();
    for (Lane lane : lanes(scope, kind)) {
      failed.addAll(JobTable.failed(tx, lane.id(), below, recoverableOnly, PAGE));
    }
    return failed.stream().sorted(LAST_FIRST).limit(PAGE).toList();
  }

  private List<Lane> lanes(Scope scope, Optional<String> kind) throws SQLException {
    return LaneTable.newerThan(tx, 0).stream()
        .filter(lane -> scope.sees(lane.tenant()))
        .filter(lane -> kind.isEmpty() || kind.get().equals(lane.kind()))
        .toList();
  }

  /// How many of the failed jobs of one kind or of all are those that [#page] leaves out when it is
  /// asked for the recoverable ones.
  long unrecoverable(Scope scope, Optional<String> kind) throws SQLException {
    long jobs = 0;
    for (Lane lane : lanes(scope, kind)) {
      jobs += JobTable.unrecoverable(tx, lane.id());
    }
    return jobs;
  }

  void requeue(JobTable.Ended job) throws SQLException {
    Optional<Long> twin =
        job.dedupeKey().isPresent()
            ? JobTable.liveWithKey(tx, job.tenant(), job.dedupeKey().get())
            : Optional.empty();
    if (twin.isPresent()) {
      report.blocked(job.id(), "a live job, " + twin.get() + ", has its dedupe key");
    } else {
      moveIfAdmitted(job);
    }
  }

  private void moveIfAdmitted(JobTable.Ended job) throws SQLException {
    Optional<Refusal> refusal = core.ledger().tenants().admitAgain(tx, job);
    if (refusal.isPresent()) {
      report.blocked(job.id(), refusal.get().message());
    } else {
      move(job);
    }
  }

  private void move(JobTable.Ended job) throws SQLException {
    if (job.state() == JobState.DONE) {
      AttemptTable.keepDone(tx, job.id());
    }
    tellUncounted(core, tx, job);
    JobTable.requeue(tx, job.id(), core.now());
    uncount(core, job);
    Lane lane = core.ledger().lanes().byId(tx, job.lane());
    core.ledger().changes().moved(tx, Transition.REQUEUE, lane, job.id(), job.fence(), core.now());
    core.ledger().lanes().withWork().add(lane);
    report.requeued();
  }

  /// Takes an ended job out of the counters, if it is in them.
  static void uncount(Core core, JobTable.Ended job) {
    if (job.counted()) {
      core.ledger().changes().uncount(job.lane(), job.state(), 1);
    }
  }

  /// Tells of an end that a caller's transaction has recorded, where nobody has counted it yet and
  /// nobody will. To be called before the job is changed.
  static void tellUncounted(Core core, Tx tx, JobTable.Ended job) throws SQLException {
    if (!job.counted()) {
      Lane lane = core.ledger().lanes().byId(tx, job.lane());
      core.onlooker().ended(tx, lane.tenant(), lane.kind(), job.id(), job.state());
    }
  }

  void block(long id, String reason) {
    report.blocked(id, reason);
  }

  Requeued report() {
    return report.toRequeued();
  }
}
