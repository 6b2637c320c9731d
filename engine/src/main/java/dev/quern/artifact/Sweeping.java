package dev.quern.artifact;

import dev.quern.StoreException;
import dev.quern.core.Chore;
import dev.quern.store.Store;
import dev.quern.store.Tx;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/// Deletes contents that no artifact holds: of deleted artifacts and jobs, of uploads that failed,
/// and of those whose engine died. In small steps with pauses, since others want to write too.
/// [#look] may be called by any thread, the rest belongs to the thread that writes.
final class Sweeping implements Chore {
  /// The most pieces in one step: 4 MiB.
  static final int STEP = 16;

  private static final long PAUSE_MILLIS = 20;

  /// How often to see whether whoever uploads is still alive.
  private static final long WATCH_MILLIS = 60_000;

  private static final long NOBODY = 0;

  private final Store store;
  private volatile long dueAt = Long.MAX_VALUE;

  Sweeping(Store store) {
    this.store = store;
  }

  /// Takes note that there may be something to sweep.
  void look() {
    dueAt = Long.MIN_VALUE;
  }

  @Override
  public void refresh(Tx tx) throws SQLException {
    for (long writer : ContentTable.writers(tx)) {
      long due = dead(writer) ? Long.MIN_VALUE : store.clock().millis() + WATCH_MILLIS;
      dueAt = Math.min(dueAt, due);
    }
  }

  private boolean dead(long writer) {
    try {
      return writer == NOBODY || !store.owners().alive(writer);
    } catch (IOException e) {
      throw new StoreException("cannot look whether engine " + writer + " is alive", e);
    }
  }

  @Override
  public long dueAt() {
    return dueAt;
  }

  @Override
  public void run(Tx tx) throws SQLException {
    long now = store.clock().millis();
    long next = Long.MAX_VALUE;
    int swept = 0;
    for (long writer : ContentTable.writers(tx)) {
      if (dead(writer)) {
        swept += sweep(tx, writer, STEP - swept);
      } else {
        next = now + WATCH_MILLIS;
      }
    }
    // What was swept may be undone, so there is always a last look.
    dueAt = swept > 0 ? now + PAUSE_MILLIS : next;
  }

  /// Deletes up to so many pieces of what a writer left; a content counts as one more.
  private int sweep(Tx tx, long writer, int limit) throws SQLException {
    int swept = 0;
    while (swept < limit) {
      Optional<Long> loose = ContentTable.loose(tx, writer);
      if (loose.isEmpty()) {
        return swept;
      }
      swept += cut(tx, loose.get(), limit - swept);
    }
    return swept;
  }

  private int cut(Tx tx, long content, int limit) throws SQLException {
    if (!ContentTable.doom(tx, content)) {
      ContentTable.hold(tx, content);
      return 1;
    }
    int cut = ContentTable.cut(tx, content, limit);
    if (cut < limit) {
      ContentTable.delete(tx, content);
    }
    return cut + 1;
  }
}
