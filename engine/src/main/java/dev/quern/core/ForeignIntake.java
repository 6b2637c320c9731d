package dev.quern.core;

import dev.quern.Enqueued;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts new jobs into the table inside a transaction of the caller's: nothing is remembered, since
/// it may roll back.
final class ForeignIntake {
  private ForeignIntake() {}

  static List<Enqueued> insert(Tx tx, List<Draft> drafts, long now) throws SQLException {
    List<Enqueued> answers = new ArrayList<>(drafts.size());
    for (Draft draft : drafts) {
      Lane lane = LaneTable.addOrFind(tx, draft.lane());
      int rank = KindTable.get(tx, lane.kind()).policy().rank();
      answers.add(insert(tx, NewRow.of(0, draft, lane, rank, now)));
    }
    return answers;
  }

  private static Enqueued insert(Tx tx, NewRow row) throws SQLException {
    Optional<Long> id = JobTable.insertReturning(tx, row);
    if (id.isEmpty()) {
      return Intake.duplicate(tx, row);
    }
    Intake.addExtras(tx, id.get(), row);
    return new Enqueued(id.get(), true);
  }
}
