package dev.quern.core;

import dev.quern.store.Tx;
import java.sql.SQLException;

/// Renews all leases of this engine in one statement, at a third of the lease. An engine that runs
/// nothing writes nothing.
final class Heartbeat implements Chore {
  private final Ledger ledger;
  private final Pool pool;
  private final Identity identity;
  private final long leaseMillis;
  private long beatAt;

  Heartbeat(Core core) {
    this.ledger = core.ledger();
    this.pool = core.pool();
    this.identity = core.identity();
    this.leaseMillis = ledger.config().lease().toMillis();
    this.beatAt = ledger.now();
  }

  @Override
  public long dueAt() {
    return pool.idle() ? Long.MAX_VALUE : beatAt + leaseMillis / 3;
  }

  @Override
  public void run(Tx tx) throws SQLException {
    beatAt = ledger.now();
    int renewed = LeaseTable.renewAll(tx, identity.owner(), beatAt + leaseMillis);
    if (renewed < pool.size()) {
      pool.keepOnly(LeaseTable.runningOf(tx, identity.owner()));
    }
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
