package dev.quern.core;

import dev.quern.store.Step;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Writes what running handlers said of their jobs, under their fences.
final class Noting implements Step<Settlement, Boolean> {
  static final Noting STEP = new Noting();

  @Override
  public Phase phase() {
    return Phase.SETTLE;
  }

  @Override
  public List<Boolean> apply(Tx tx, List<Settlement> members) throws SQLException {
    List<Boolean> held = new ArrayList<>(members.size());
    for (Settlement notes : members) {
      boolean holds = EndTable.held(tx, notes.jobId(), notes.fence()).isPresent();
      if (holds) {
        Settling.writeNotes(tx, notes);
      }
      held.add(holds);
    }
    return held;
  }
}
