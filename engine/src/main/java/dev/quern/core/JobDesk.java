package dev.quern.core;

import dev.quern.Attempt;
import dev.quern.CancelResult;
import dev.quern.Counts;
import dev.quern.Failure;
import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.Jobs;
import dev.quern.LogLine;
import dev.quern.NewJob;
import dev.quern.Page;
import dev.quern.Requeued;
import dev.quern.Series;
import dev.quern.SeriesQuery;
import dev.quern.Transition;
import dev.quern.Why;
import dev.quern.json.Texts;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/// The jobs, as the lobby offers them.
public final class JobDesk implements Jobs {
  private final Core core;
  private final Scope scope;

  /// All jobs of the store of an engine.
  public JobDesk(Core core) {
    this(core, Scope.ALL);
  }

  /// The jobs that a scope sees; others are absent.
  public JobDesk(Core core, Scope scope) {
    this.core = core;
    this.scope = scope;
  }

  private boolean sees(Tx tx, long id) throws SQLException {
    return scope.tenant().isEmpty() || TenantTable.tenantOf(tx, id).filter(scope::sees).isPresent();
  }

  @Override
  public Optional<Job> get(long id) {
    return core.read(tx -> JobViewTable.get(tx, id)).filter(job -> scope.sees(job.tenant()));
  }

  @Override
  public Page list(JobFilter filter) {
    return core.read(tx -> new Listing(tx, scope, filter).page());
  }

  @Override
  public List<Attempt> attempts(long id) {
    return core.read(tx -> sees(tx, id) ? AttemptTable.of(tx, id) : List.of());
  }

  @Override
  public List<LogLine> log(long id) {
    return core.read(tx -> sees(tx, id) ? AttemptTable.log(tx, id) : List.of());
  }

  @Override
  public Counts counts() {
    Map<String, Map<JobState, Long>> byKind = new TreeMap<>();
    for (CountTable.Count count : core.read(tx -> CountTable.of(tx, scope))) {
      byKind
          .computeIfAbsent(count.kind(), _ -> new EnumMap<>(JobState.class))
          .put(count.state(), count.jobs());
    }
    return new Counts(byKind);
  }

  @Override
  public Series series(SeriesQuery query) {
    return new SeriesCount(core, scope, query).series();
  }

  @Override
  public Optional<Job> await(long id, Duration timeout) {
    CountDownLatch ended = core.waits().enter(id);
    try {
      if (core.manual()) {
        core.tick();
      }
      Optional<Job> job = get(id);
      if (job.isEmpty() || job.get().state().ended()) {
        return job;
      }
      return !core.manual() && Waits.await(ended, timeout) ? get(id) : Optional.empty();
    } finally {
      core.waits().leave(id);
    }
  }

  @Override
  public Optional<Why> why(long id) {
    return core.read(tx -> sees(tx, id) ? new Whys(core, tx).of(id) : Optional.empty());
  }

  @Override
  public CancelResult cancel(long id, String reason) {
    String kept = Texts.cut(reason, Failure.MESSAGE_LIMIT);
    return core.write(tx -> sees(tx, id) ? cancel(tx, id, kept) : CancelResult.NOT_FOUND);
  }

  private CancelResult cancel(Tx tx, long id, String reason) throws SQLException {
    long now = core.now();
    Optional<JobTable.Moved> moved = JobTable.cancelWaiting(tx, id, reason, now);
    if (moved.isPresent()) {
      Lane lane = core.ledger().lanes().byId(tx, moved.get().lane());
      core.ledger().changes().moved(tx, Transition.CANCEL, lane, id, moved.get().fence(), now);
      return CancelResult.CANCELLED;
    }
    if (JobTable.requestCancel(tx, id, reason, now)) {
      Job job = JobViewTable.get(tx, id).orElseThrow();
      core.ledger().changes().cancelling(new LeaseTable.Running(id, job.fence()));
      return CancelResult.REQUESTED;
    }
    return JobTable.ended(tx, id).isPresent() ? CancelResult.ALREADY_ENDED : CancelResult.NOT_FOUND;
  }

  @Override
  public boolean change(Job seen, OptionalInt priority, Optional<Instant> availableAt) {
    availableAt.ifPresent(NewJob.json("checked", "null")::at);
    return core.write(
        tx -> sees(tx, seen.id()) && new Changing(core, tx).change(seen, priority, availableAt));
  }

  @Override
  public Requeued requeue(long id) {
    return core.write(tx -> {
      Requeuing requeuing = new Requeuing(core, tx);
      Optional<JobTable.Ended> job = ended(tx, id);
      if (job.isPresent()) {
        requeuing.requeue(job.get());
      } else {
        requeuing.block(id, missing(tx, id));
      }
      return requeuing.report();
    });
  }

  /// Lets a job run again that has ended, or run now that waits for its time, if it is still in the
  /// state in which it was seen. Belongs to the thread that writes.
  public boolean again(Tx tx, long id, JobState seen) throws SQLException {
    return seen.ended() ? anew(tx, id, seen) : now(tx, id, seen);
  }

  private boolean anew(Tx tx, long id, JobState seen) throws SQLException {
    Requeuing requeuing = new Requeuing(core, tx);
    Optional<JobTable.Ended> job = ended(tx, id).filter(found -> found.state() == seen);
    if (job.isPresent()) {
      requeuing.requeue(job.get());
    }
    return requeuing.report().requeued() == 1;
  }

  private boolean now(Tx tx, long id, JobState seen) throws SQLException {
    Optional<Job> job =
        sees(tx, id)
            ? JobViewTable.get(tx, id).filter(found -> found.state() == seen)
            : Optional.empty();
    return job.isPresent()
        && new Changing(core, tx)
            .change(job.get(), OptionalInt.empty(), Optional.of(Instant.EPOCH));
  }

  private Optional<JobTable.Ended> ended(Tx tx, long id) throws SQLException {
    return JobTable.ended(tx, id).filter(job -> scope.sees(job.tenant()));
  }

  private String missing(Tx tx, long id) throws SQLException {
    return JobViewTable.get(tx, id)
        .filter(job -> scope.sees(job.tenant()))
        .map(job -> "it has not ended: it is " + job.state().label())
        .orElse("there is no such job");
  }

  @Override
  public Requeued requeueFailed(Optional<String> kind, boolean recoverableOnly) {
    Report report = new Report();
    Optional<JobViewTable.Place> below = Optional.of(JobViewTable.Place.TOP);
    while (below.isPresent()) {
      JobViewTable.Place from = below.get();
      Requeuing.PageResult page =
          core.write(tx -> new Requeuing(core, tx).page(scope, kind, from, recoverableOnly));
      report.add(page.requeued());
      below = page.next();
    }
    if (recoverableOnly) {
      report.unrecoverable(core.read(tx -> new Requeuing(core, tx).unrecoverable(scope, kind)));
    }
    return report.toRequeued();
  }

  @Override
  public boolean delete(long id) {
    return core.write(tx -> {
      Optional<JobTable.Ended> job = ended(tx, id);
      if (job.isPresent()) {
        Requeuing.tellUncounted(core, tx, job.get());
        JobTable.delete(tx, id);
        core.ledger().changes().deleted();
        Requeuing.uncount(core, job.get());
      }
      return job.isPresent();
    });
  }
}
