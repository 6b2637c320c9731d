package dev.quern.core;

import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Deletes jobs by their ids. Used by the thread that writes.
final class Deleting {
  private final Core core;
  private final Tx tx;

  Deleting(Core core, Tx tx) {
    this.core = core;
    this.tx = tx;
  }

  /// Deletes jobs, up to the first that runs; returns whether none does.
  boolean all(List<Long> ids) throws SQLException {
    for (long id : ids) {
      core.ledger().changes().deleted();
      if (!ended(id) && !JobTable.deleteWaiting(tx, id) && JobViewTable.get(tx, id).isPresent()) {
        return false;
      }
    }
    return true;
  }

  private boolean ended(long id) throws SQLException {
    Optional<JobTable.Ended> job = JobTable.ended(tx, id);
    if (job.isPresent()) {
      Requeuing.tellUncounted(core, tx, job.get());
      JobTable.delete(tx, id);
      Requeuing.uncount(core, job.get());
    }
    return job.isPresent();
  }
}
