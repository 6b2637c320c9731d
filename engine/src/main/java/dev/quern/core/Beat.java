package dev.quern.core;

import dev.quern.store.Attendant;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// What goes along with every batch: leases are renewed first; what is due is done last, and then
/// free slots claim what is ready, in the same commit. So from `enqueue` to the handler is one
/// commit, and completions share theirs with the next claims.
final class Beat implements Attendant {
  private final Core core;
  private final Ledger ledger;
  private final Pool pool;
  private final Claims claims;
  private final Heartbeat heartbeat;
  private final Reclaimer reclaimer;
  private final Retention retention;
  private final Timekeeper timekeeper;
  private final List<Chore> chores = new CopyOnWriteArrayList<>();
  private long tickedAt;
  private long checkedAt;

  Beat(Core core) {
    this.core = core;
    this.ledger = core.ledger();
    this.pool = core.pool();
    this.claims = new Claims(ledger);
    this.heartbeat = new Heartbeat(core);
    this.reclaimer = new Reclaimer(core);
    this.retention = new Retention(ledger);
    this.timekeeper = new Timekeeper(core);
    chores.addAll(List.of(new Ripener(ledger), reclaimer, retention));
    this.tickedAt = ledger.now();
    this.checkedAt = tickedAt;
  }

  /// Adds a chore of a room; any thread may.
  void add(Chore chore) {
    chores.add(chore);
  }

  @Override
  public void begun(Tx tx, boolean foreign) throws SQLException {
    long now = ledger.now();
    noticeSleep(now);
    pool.dueAt(now);
    ledger.changes().listened(!core.listeners().empty());
    if (foreign) {
      refresh(tx);
    }
    checkedAt = now;
    if (heartbeat.dueAt() <= ledger.now()) {
      heartbeat.run(tx);
    }
  }

  /// Reads what other connections may have changed.
  private void refresh(Tx tx) throws SQLException {
    timekeeper.refresh(tx);
    ledger.refresh(tx);
    core.onlooker().refresh(tx);
    core.intake().forget();
    core.waits().look(tx);
    reclaimer.stale();
    retention.endedSince(checkedAt);
    for (Chore chore : chores) {
      chore.refresh(tx);
    }
    if (!pool.idle()) {
      pool.cancel(LeaseTable.cancelling(tx, core.identity().owner()));
    }
  }

  @Override
  public void finish(Tx tx, boolean asked) throws SQLException {
    long now = ledger.now();
    noticeSleep(now);
    if (timekeeper.aloneAhead()) {
      reclaimer.spareOthers();
    }
    for (Chore chore : chores) {
      if (chore.dueAt() <= now) {
        chore.run(tx);
      }
    }
    if (ledger.changes().haveDeleted()) {
      for (Chore chore : chores) {
        chore.refresh(tx);
      }
    }
    claim(tx);
    timekeeper.keep(tx, asked);
    ledger.changes().flush(tx);
  }

  private void claim(Tx tx) throws SQLException {
    ledger.forgetWindows();
    Optional<Demand> demand = pool.demand();
    if (demand.isPresent()) {
      claims.claim(tx, demand.get()).forEach(ledger.changes()::claimed);
    }
    core.standing().claim(tx);
  }

  /// What is not told for an error, such as a want of memory, is not told later either: a handler
  /// would be called twice for one claim.
  @Override
  public void committed() {
    boolean told = false;
    try {
      tell(ledger.changes());
      told = true;
    } finally {
      ledger.changes().clear();
      if (!told) {
        heartbeat.doubt();
      }
    }
  }

  private void tell(Changes changes) {
    if (pool.idle()) {
      heartbeat.restart();
    }
    pool.start(changes.claimed());
    core.standing().committed();
    pool.cancel(changes.cancelling());
    if (!changes.ended().isEmpty()) {
      retention.endedSince(checkedAt);
      core.waits().ended(changes.ended());
    }
    if (changes.wasClaimedByHand()) {
      reclaimer.stale();
    }
    changes.stopwatch().publish();
    core.listeners().tell(changes.events());
  }

  @Override
  public void rolledBack(boolean stuck) {
    ledger.forget();
    core.onlooker().forget();
    timekeeper.forget();
    core.intake().forget();
    core.standing().rolledBack();
    reclaimer.stale();
    heartbeat.doubt();
    if (stuck && !core.manual()) {
      // Others could not renew their leases either: they come first when they can.
      reclaimer.pause();
    }
  }

  @Override
  public long dueAt() {
    long now = ledger.now();
    noticeSleep(now);
    long due = Math.min(Math.min(pool.dueAt(now), heartbeat.dueAt()), timekeeper.dueAt());
    due = pool.claiming() || !core.standing().empty() ? Math.min(due, ledger.windowOpensAt()) : due;
    for (Chore chore : chores) {
      due = Math.min(due, chore.dueAt());
    }
    return due;
  }

  /// A gap of more than a third of the lease between two looks: this process was suspended, or the
  /// clock was set. Its own leases come first, and others get one heartbeat to renew theirs.
  private void noticeSleep(long now) {
    boolean slept = now - tickedAt > ledger.config().lease().toMillis() / 3;
    tickedAt = now;
    reclaimer.tick(now);
    if (slept && !core.manual()) {
      heartbeat.hurry();
      reclaimer.slept();
    }
  }

  @Override
  public boolean probe(Tx tx) throws SQLException {
    long now = ledger.now();
    refresh(tx);
    checkedAt = now;
    return dueAt() <= now || somethingToClaim(tx);
  }

  private boolean somethingToClaim(Tx tx) throws SQLException {
    Optional<Demand> demand = pool.demand();
    return demand.isPresent() && claims.any(tx, demand.get()) || core.standing().any(tx);
  }
}
