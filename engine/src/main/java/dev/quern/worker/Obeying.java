package dev.quern.worker;

import dev.quern.Directive;
import dev.quern.core.Chore;
import dev.quern.core.Core;
import dev.quern.store.Tx;
import dev.quern.worker.WorkerTable.Key;
import java.sql.SQLException;
import java.time.Duration;

/// Learns what workers are told to do by other processes, lets the engine itself obey, and forgets
/// workers that nobody has heard of for a day. Used by the thread that writes.
final class Obeying implements Chore {
  private static final long KEPT_MILLIS = Duration.ofDays(1).toMillis();
  private static final long LOOK_MILLIS = Duration.ofHours(1).toMillis();

  private final Core core;
  private final Roll roll;
  private long lookedAt;

  Obeying(Core core, Roll roll) {
    this.core = core;
    this.roll = roll;
    this.lookedAt = core.store().clock().millis();
  }

  /// What an engine is called.
  static String name(long owner) {
    return "@" + owner;
  }

  /// What this engine is called.
  static Key key(Core core) {
    return new Key("", name(core.number()));
  }

  @Override
  public void refresh(Tx tx) throws SQLException {
    roll.direct(WorkerTable.directed(tx));
    core.quiet(roll.directive(key(core)) != Directive.RUN);
  }

  @Override
  public long dueAt() {
    return roll.empty() ? Long.MAX_VALUE : lookedAt + LOOK_MILLIS;
  }

  @Override
  public void run(Tx tx) throws SQLException {
    lookedAt = core.store().clock().millis();
    WorkerTable.forget(tx, lookedAt - KEPT_MILLIS);
  }
}
