package dev.quern.core;

import dev.quern.store.MetaTable;
import dev.quern.store.StoreClock;
import dev.quern.store.Tx;
import java.sql.SQLException;

/// Keeps the latest time in the store, so that all engines agree on it when the clock on the wall
/// was set back: one that did not see the later time, or was opened since, would otherwise give
/// leases that look expired to the others, and wait for jobs that are due. Used by the thread that
/// writes.
final class Timekeeper {
  private static final String KEY = "time";

  /// How far the kept time may be behind while the wall clock can be followed.
  private static final long BEHIND_MILLIS = 1_000;

  /// How far it may be behind in an engine that has nothing else to write.
  private static final long IDLE_BEHIND_MILLIS = 5_000;

  private final Identity identity;
  private final StoreClock clock;
  private final long heartbeatMillis;
  private long keptAt;

  Timekeeper(Core core) {
    this.identity = core.identity();
    this.clock = core.store().clock();
    this.heartbeatMillis = core.config().lease().toMillis() / 3;
  }

  /// The latest time that is cheap to find in the store: its clock starts no earlier.
  static long latest(Tx tx) throws SQLException {
    return Math.max(kept(tx), OwnerTable.latestTime(tx));
  }

  private static long kept(Tx tx) throws SQLException {
    return MetaTable.get(tx, KEY).map(Long::parseLong).orElse(0L);
  }

  /// Reads what time others have seen.
  void refresh(Tx tx) throws SQLException {
    keptAt = kept(tx);
    clock.atLeast(keptAt);
  }

  /// Forgets what was kept: it was undone.
  void forget() {
    keptAt = 0;
  }

  /// When it has to be kept though nothing else is written: only an engine that is ahead of the
  /// wall clock, and holds jobs, writes for this alone.
  long dueAt() {
    return clock.ahead() && identity.known() ? keptAt + IDLE_BEHIND_MILLIS : Long.MAX_VALUE;
  }

  /// Whether others may be behind by more than they can make good in time: their leases are to be
  /// left alone until they have seen what time it is.
  boolean aloneAhead() {
    return clock.ahead() && clock.millis() - keptAt > heartbeatMillis;
  }

  /// Keeps the time along with other changes.
  ///
  /// @param asked whether there are any that somebody asked for
  void keep(Tx tx, boolean asked) throws SQLException {
    long now = clock.millis();
    long behind = now - keptAt;
    if (clock.ahead() ? behind > 0 : asked && behind >= BEHIND_MILLIS) {
      MetaTable.put(tx, KEY, Long.toString(now));
      keptAt = now;
    }
  }
}
