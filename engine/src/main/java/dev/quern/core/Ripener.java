package dev.quern.core;

import dev.quern.Transition;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.List;

/// Makes scheduled jobs ready when their time has come.
final class Ripener implements Chore {
  private static final int PAGE = 1_000;

  private final Ledger ledger;

  Ripener(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public long dueAt() {
    return ledger.nextDue();
  }

  @Override
  public void run(Tx tx) throws SQLException {
    long now = ledger.now();
    List<JobTable.Moved> moved = JobTable.ripen(tx, now, PAGE);
    for (JobTable.Moved job : moved) {
      Lane lane = ledger.lanes().byId(tx, job.lane());
      ledger.changes().moved(tx, Transition.RIPEN, lane, job.id(), job.fence(), now);
      ledger.lanes().withWork().add(lane);
    }
    ledger.readNextDue(tx);
  }
}
