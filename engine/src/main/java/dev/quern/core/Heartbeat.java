package dev.quern.core;

import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Renews all leases of this engine in one statement, at a third of the lease. An engine that runs
/// nothing writes nothing.
final class Heartbeat implements Chore {
  private final Ledger ledger;
  private final Pool pool;
  private final Identity identity;
  private final Ends ends;
  private final long leaseMillis;
  private long beatAt;
  private boolean doubtful;

  Heartbeat(Core core) {
    this.ledger = core.ledger();
    this.pool = core.pool();
    this.identity = core.identity();
    this.ends = core.settling().ends();
    this.leaseMillis = ledger.config().lease().toMillis();
    this.beatAt = ledger.now();
  }

  @Override
  public long dueAt() {
    if (doubtful) {
      return Long.MIN_VALUE;
    }
    return pool.idle() ? Long.MAX_VALUE : beatAt + leaseMillis / 3;
  }

  @Override
  public void run(Tx tx) throws SQLException {
    beatAt = ledger.now();
    int renewed = LeaseTable.renewAll(tx, identity.owner(), beatAt + leaseMillis);
    if (doubtful || renewed != pool.size()) {
      List<LeaseTable.Running> held = LeaseTable.runningOf(tx, identity.owner());
      pool.keepOnly(held);
      handBackForgotten(tx, held);
    }
    doubtful = false;
  }

  /// A claim that is durable and that no attempt knows of: the commit seemed to fail, or an error
  /// struck after it. Nobody else would take its job while this engine lives.
  private void handBackForgotten(Tx tx, List<LeaseTable.Running> held) throws SQLException {
    for (LeaseTable.Running claim : held) {
      Optional<Held> job =
          pool.runs(claim) ? Optional.empty() : EndTable.held(tx, claim.id(), claim.fence());
      if (job.isPresent()) {
        ends.end(
            tx, job.get(), ledger.lanes().byId(tx, job.get().lane()), Verdict.HandedBack.PLAIN);
      }
    }
  }

  /// Takes note that claims may have been made that nobody was told of.
  void doubt() {
    doubtful = identity.owner() != 0;
  }

  /// Takes note that leases begin now, after a time without any.
  void restart() {
    beatAt = ledger.now();
  }

  /// Makes the next one due at once.
  void hurry() {
    beatAt = Long.MIN_VALUE / 2;
  }
}
