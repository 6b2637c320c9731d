package dev.quern.core;

import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Lets the jobs that were lost twice with their workers through one at a time. One of them may be
/// what kills the workers, and whatever runs beside it is charged with it; when it is the only
/// suspect at work, only it is charged again. Made for one claim.
final class Suspects {
  /// From so many losses on a job is a suspect.
  static final int LOSSES = 2;

  private final Tx tx;
  private final Demand demand;
  private boolean taken;

  Suspects(Tx tx, Demand demand) {
    this.tx = tx;
    this.demand = demand;
  }

  /// Those that may be claimed now, in their order.
  List<Claimed> admit(List<Claimed> ready) throws SQLException {
    List<Claimed> admitted = new ArrayList<>(ready.size());
    for (Claimed job : ready) {
      if (!job.suspect() || take()) {
        admitted.add(job);
      }
    }
    return admitted;
  }

  private boolean take() throws SQLException {
    if (taken) {
      return false;
    }
    taken = true;
    return !demand.alone() || !ClaimTable.runsSuspect(tx, demand.owner());
  }
}
