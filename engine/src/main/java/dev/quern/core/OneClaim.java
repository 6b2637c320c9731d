package dev.quern.core;

import dev.quern.Transition;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// One claim under way: finds the best ready jobs of lane after lane, and moves most of them with
/// one statement.
final class OneClaim {
  private final Tx tx;
  private final Ledger ledger;
  private final Affinities affinities;
  private final Demand demand;
  private final Suspects suspects;
  private final ClaimTable.Stamp stamp;
  private final List<Claimed> found = new ArrayList<>();
  private final List<Claimed> claimed = new ArrayList<>();

  OneClaim(Tx tx, Ledger ledger, Affinities affinities, Demand demand) {
    this.tx = tx;
    this.ledger = ledger;
    this.affinities = affinities;
    this.demand = demand;
    this.suspects = new Suspects(tx, demand);
    long now = ledger.now();
    this.stamp = new ClaimTable.Stamp(demand.owner(), now, now + demand.leaseMillis());
  }

  /// How many jobs are still wanted, once all that were found have been moved.
  int left() {
    return demand.slots() - claimed.size();
  }

  /// Takes up to so many of the best jobs of a lane, which is not to be asked again before [#move].
  void take(Lane lane, int limit) throws SQLException {
    int left = limit - takeAffine(lane, limit);
    if (left > 0) {
      List<Claimed> ready = ready(lane, left);
      List<Claimed> admitted = suspects.admit(ready);
      found.addAll(admitted);
      if (admitted.size() < ready.size()) {
        goPastSuspects(lane, left - admitted.size());
      }
    }
  }

  /// These are moved at once, since the others are looked for among those that are left.
  private int takeAffine(Lane lane, int limit) throws SQLException {
    List<Claimed> affine =
        suspects.admit(affinities.ready(tx, lane, limit, stamp, demand.affinity()));
    found.addAll(affine);
    if (!affine.isEmpty()) {
      move();
    }
    return affine.size();
  }

  private List<Claimed> ready(Lane lane, int limit) throws SQLException {
    List<Claimed> ready = ClaimTable.ready(tx, lane, limit, stamp);
    if (ready.size() < limit) {
      ledger.lanes().withWork().remove(lane);
    }
    return ready;
  }

  private void goPastSuspects(Lane lane, int limit) throws SQLException {
    ledger.lanes().withWork().add(lane);
    move();
    found.addAll(ClaimTable.readyUnsuspected(tx, lane, limit, stamp));
  }

  /// Claims what was found.
  void move() throws SQLException {
    ClaimTable.claim(tx, stamp, found);
    for (Claimed job : found) {
      ledger.changes().moved(tx, Transition.CLAIM, job.lane(), job.id(), job.fence(), stamp.now());
      ledger.changes().stopwatch().waited(job.lane().kind(), stamp.now() - job.availableAt());
    }
    claimed.addAll(found);
    found.clear();
  }

  /// What has been claimed.
  List<Claimed> claimed() {
    return claimed;
  }
}
