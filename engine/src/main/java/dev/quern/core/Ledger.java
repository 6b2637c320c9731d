package dev.quern.core;

import dev.quern.QuernConfig;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// What the writer remembers of the store, so that it need not ask: lanes, kinds, the next due
/// time, and what the current batch has changed. Used by the thread that writes.
final class Ledger {
  private final QuernConfig config;
  private final InstantSource clock;
  private final Lanes lanes = new Lanes();
  private final KindCache kinds = new KindCache();
  private final TenantCache tenants = new TenantCache(this::now);
  private final Changes changes = new Changes(tenants);
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
  private long nextDue = Long.MIN_VALUE;
  private long windowOpensAt = Long.MAX_VALUE;

  Ledger(QuernConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  QuernConfig config() {
    return config;
  }

  long now() {
    return clock.millis();
  }

  Lanes lanes() {
    return lanes;
  }

  KindCache kinds() {
    return kinds;
  }

  TenantCache tenants() {
    return tenants;
  }

  Changes changes() {
    return changes;
  }

  RandomGenerator random() {
    return random;
  }

  /// When the next scheduled job is due.
  long nextDue() {
    return nextDue;
  }

  /// Takes note of a job that is due later.
  void scheduled(long availableAt) {
    nextDue = Math.min(nextDue, availableAt);
  }

  /// When a rate that keeps ready jobs waiting opens its next window.
  long windowOpensAt() {
    return windowOpensAt;
  }

  /// Takes note of such a rate.
  void windowOpensAt(long at) {
    windowOpensAt = Math.min(windowOpensAt, at);
  }

  /// Starts a new look at all rates.
  void forgetWindows() {
    windowOpensAt = Long.MAX_VALUE;
  }

  /// Reads what other connections may have changed.
  void refresh(Tx tx) throws SQLException {
    lanes.refresh(tx);
    kinds.refresh(tx);
    tenants.refresh(tx);
    readNextDue(tx);
  }

  void readNextDue(Tx tx) throws SQLException {
    nextDue = JobTable.nextDue(tx).orElse(Long.MAX_VALUE);
  }

  /// Forgets everything: the batch was undone.
  void forget() {
    changes.clear();
    lanes.forget();
    tenants.forget();
  }
}
