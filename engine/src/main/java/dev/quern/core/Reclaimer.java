package dev.quern.core;

import dev.quern.StoreException;
import dev.quern.Transition;
import dev.quern.store.Owners;
import dev.quern.store.Tx;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/// Takes back the jobs of workers that are gone: of dead engines at once, of living ones when the
/// lease has run out and one heartbeat more.
final class Reclaimer implements Chore {
  private static final int PAGE = 100;
  private static final long LOOK_MILLIS = 1_000;

  /// After so many sleeps in a row it is this process that is slow.
  private static final int SLEEPS_LIMIT = 5;

  /// Sleeps with fewer heartbeats than this between them are in a row.
  private static final int CALM_HEARTBEATS = 20;

  private final Ledger ledger;
  private final Settling settling;
  private final Owners owners;
  private final Identity identity;
  private final long graceMillis;

  private List<LeaseTable.Other> others = List.of();
  private boolean stale = true;
  private long lookedAt = Long.MIN_VALUE / 2;
  private long now;
  private long pausedUntil;
  private long sleptAt = Long.MIN_VALUE / 2;
  private int sleeps;
  private long sparedUntil;
  private long nextAt = Long.MIN_VALUE;

  /// While we were away, workers elsewhere could not renew their leases.
  private final long remotePausedUntil;

  Reclaimer(Core core) {
    this.ledger = core.ledger();
    this.settling = core.settling();
    this.owners = core.store().owners();
    this.identity = core.identity();
    this.graceMillis = ledger.config().lease().toMillis() / 3;
    this.now = ledger.now();
    this.remotePausedUntil = now + graceMillis;
  }

  /// Takes note that other connections have committed, or that a job was claimed by hand.
  void stale() {
    stale = true;
  }

  /// Takes note of the time. Leases are judged by this, and not by a later look at the clock:
  /// between the two this process may have slept without noticing.
  void tick(long now) {
    this.now = now;
  }

  /// Leaves others alone for one heartbeat: this process could not write, and so it may have been
  /// with them.
  void pause() {
    pausedUntil = now + graceMillis;
  }

  /// Leaves others alone for one heartbeat: this process was asleep, and so may they have been. Not
  /// for ever: where each write takes as long as a sleep, nobody would take the jobs of the lost.
  void slept() {
    sleeps = now - sleptAt > CALM_HEARTBEATS * graceMillis ? 1 : sleeps + 1;
    sleptAt = now;
    if (sleeps <= SLEEPS_LIMIT) {
      pause();
    }
  }

  /// Leaves other engines alone for one heartbeat: they may not know yet how late it is.
  void spareOthers() {
    sparedUntil = now + graceMillis;
  }

  private boolean mayTakeFrom(long owner) {
    return now >= pausedUntil
        && (now >= sparedUntil || identity.isOwn(owner))
        && (now >= remotePausedUntil || owner != Identity.REMOTE);
  }

  @Override
  public long dueAt() {
    if (stale) {
      return lookedAt + LOOK_MILLIS;
    }
    if (!others.isEmpty() && now >= nextAt) {
      nextAt = others.stream().anyMatch(this::due) ? now : now + LOOK_MILLIS;
    }
    return others.isEmpty() ? Long.MAX_VALUE : nextAt;
  }

  private boolean due(LeaseTable.Other other) {
    return dead(other.owner())
        || mayTakeFrom(other.owner())
            && other.leaseUntil().filter(until -> now > until + graceMillis).isPresent();
  }

  private boolean dead(long owner) {
    try {
      return owner != Identity.REMOTE && !owners.alive(owner);
    } catch (IOException e) {
      throw new StoreException("cannot look whether engine " + owner + " is alive", e);
    }
  }

  @Override
  public void run(Tx tx) throws SQLException {
    lookedAt = now;
    others = LeaseTable.otherOwners(tx, identity.owner());
    stale = false;
    nextAt = lookedAt;
    for (LeaseTable.Other other : others) {
      reclaim(tx, other);
    }
  }

  private void reclaim(Tx tx, LeaseTable.Other other) throws SQLException {
    boolean dead = dead(other.owner());
    if (dead) {
      count(tx, other.owner());
      take(tx, other.owner(), Long.MAX_VALUE, "its process died");
      OwnerTable.delete(tx, other.owner());
    } else if (mayTakeFrom(other.owner())) {
      take(tx, other.owner(), now - graceMillis, "its lease ran out");
    }
  }

  private void take(Tx tx, long owner, long deadline, String reason) throws SQLException {
    List<Held> lost = LeaseTable.lost(tx, owner, deadline, PAGE);
    for (Held job : lost) {
      Lane lane = ledger.lanes().byId(tx, job.lane());
      settling.ends().end(tx, job, lane, new Verdict.Lost(reason));
    }
    stale |= !lost.isEmpty();
    lookedAt = lost.size() == PAGE ? lookedAt - LOOK_MILLIS : lookedAt;
  }

  private void count(Tx tx, long owner) throws SQLException {
    for (LeaseTable.Uncounted job : LeaseTable.uncounted(tx, owner, PAGE)) {
      EndTable.acknowledge(tx, job.id(), job.fence());
      Lane lane = ledger.lanes().byId(tx, job.lane());
      ledger.changes().moved(tx, Transition.COMPLETE, lane, job.id(), job.fence(), ledger.now());
      stale = true;
    }
  }
}
