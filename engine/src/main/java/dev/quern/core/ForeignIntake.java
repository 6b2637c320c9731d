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

  /// Enqueues jobs.
  ///
  /// @throws dev.quern.TenantRefusedException if their tenant may not have them
  static List<Enqueued> enqueue(Tx tx, List<Draft> drafts, long now) throws SQLException {
    return insert(tx, drafts, now, TenantCache::admit);
  }

  /// Enqueues the follow-ups of a job that ends in the same transaction.
  ///
  /// @throws dev.quern.TenantRefusedException if their tenant may not have them
  static void followUp(Tx tx, List<Draft> drafts, long now) throws SQLException {
    insert(tx, drafts, now, TenantCache::admitFollowUps);
  }

  private interface Admission {
    Optional<Refusal> of(TenantCache tenants, Tx tx, List<Draft> drafts) throws SQLException;
  }

  private static List<Enqueued> insert(Tx tx, List<Draft> drafts, long now, Admission admission)
      throws SQLException {
    if (drafts.isEmpty()) {
      return List.of();
    }
    // The first statement must write, so lanes come before the look at the tenant.
    List<Lane> lanes = new ArrayList<>(drafts.size());
    for (Draft draft : drafts) {
      lanes.add(LaneTable.addOrFind(tx, draft.lane()));
    }
    if (!drafts.getFirst().lane().tenant().isEmpty()) {
      admit(tx, drafts, admission);
    }
    List<Enqueued> answers = new ArrayList<>(drafts.size());
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      int rank = KindTable.get(tx, lane.kind()).policy().rank();
      answers.add(insert(tx, NewRow.of(0, drafts.get(i), lane, rank, now)));
    }
    return answers;
  }

  /// Nothing is remembered, so everything is looked up.
  private static void admit(Tx tx, List<Draft> drafts, Admission admission) throws SQLException {
    TenantCache tenants = new TenantCache(() -> 0);
    tenants.read(tx, drafts.getFirst().lane().tenant());
    Optional<Refusal> refusal = admission.of(tenants, tx, drafts);
    if (refusal.isPresent()) {
      throw refusal.get().exception();
    }
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
