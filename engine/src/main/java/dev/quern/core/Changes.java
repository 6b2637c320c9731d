package dev.quern.core;

import dev.quern.JobEvent;
import dev.quern.JobState;
import dev.quern.Transition;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What the current batch has changed, told to others once it is durable. Used by the thread that
/// writes.
final class Changes {
  private final TenantCache tenants;
  private final Stopwatch stopwatch = new Stopwatch();
  private Onlooker onlooker = Onlooker.NOBODY;
  private final Tally<Counter> counts = new Tally<>();
  private final List<Told> events = new ArrayList<>();
  private final List<Long> ended = new ArrayList<>();
  private final List<Claimed> claimed = new ArrayList<>();
  private final List<LeaseTable.Running> cancelling = new ArrayList<>();
  private final Tally<String> freed = new Tally<>();
  private int freedSlots;
  private boolean claimedByHand;
  private boolean deleted;
  private boolean listened;

  Changes(TenantCache tenants) {
    this.tenants = tenants;
  }

  /// Who looks on from now on.
  void onlooker(Onlooker onlooker) {
    this.onlooker = onlooker;
  }

  private record Counter(long lane, JobState state) {}

  /// Keeps events from now on, or not: nobody may be listening.
  void listened(boolean listened) {
    this.listened = listened;
  }

  /// Takes note of a move.
  void moved(Tx tx, Transition transition, Lane lane, long jobId, long fence, long now)
      throws SQLException {
    if (transition.target().ended()) {
      counts.add(new Counter(lane.id(), transition.target()), 1);
      ended.add(jobId);
      tenants.ended(lane.tenant());
      onlooker.ended(tx, lane.tenant(), lane.kind(), jobId, transition.target());
    }
    if (listened) {
      events.add(
          new Told(
              lane.tenant(),
              new JobEvent(
                  jobId,
                  lane.kind(),
                  transition,
                  transition.target(),
                  fence,
                  Instant.ofEpochMilli(now))));
    }
  }

  /// Takes note of how long jobs wait and run.
  Stopwatch stopwatch() {
    return stopwatch;
  }

  /// Takes note of a new job that has a URL to be told.
  void addressed() {
    onlooker.addressed();
  }

  /// Takes note that an ended job is one no more: it was requeued or deleted.
  void uncount(long lane, JobState state, long jobs) {
    counts.add(new Counter(lane, state), -jobs);
  }

  /// Takes note that jobs were deleted.
  void deleted() {
    deleted = true;
    tenants.deleted();
  }

  boolean haveDeleted() {
    return deleted;
  }

  /// Takes note of a job that one of our own handlers is to run.
  void claimed(Claimed job) {
    claimed.add(job);
  }

  /// Takes note of a running job that was asked to stop.
  void cancelling(LeaseTable.Running job) {
    cancelling.add(job);
  }

  /// Takes note that a job was claimed by hand: its lease may run out.
  void claimedByHand() {
    claimedByHand = true;
  }

  boolean wasClaimedByHand() {
    return claimedByHand;
  }

  /// Takes note that a slot of our own pool is free with this batch.
  void freed(String kind) {
    freed.add(kind, 1);
    freedSlots++;
  }

  int freedSlots() {
    return freedSlots;
  }

  int freedSlots(String kind) {
    return Math.toIntExact(freed.of(kind));
  }

  /// Writes the counters.
  void flush(Tx tx) throws SQLException {
    counts.forEach((counter, jobs) -> CountTable.add(tx, counter.lane(), counter.state(), jobs));
    counts.clear();
  }

  List<Told> events() {
    return events;
  }

  List<Long> ended() {
    return ended;
  }

  List<Claimed> claimed() {
    return claimed;
  }

  List<LeaseTable.Running> cancelling() {
    return cancelling;
  }

  void clear() {
    stopwatch.forget();
    counts.clear();
    events.clear();
    ended.clear();
    claimed.clear();
    cancelling.clear();
    freed.clear();
    freedSlots = 0;
    claimedByHand = false;
    deleted = false;
  }
}
