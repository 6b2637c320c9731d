package dev.quern.core;

import dev.quern.EnqueuedOnce;
import dev.quern.EnqueuedOnce.Status;
import dev.quern.RequestKey;
import dev.quern.store.Tx;
import dev.quern.store.Work;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// A request that is carried out once, however often it comes: its answer is kept in the
/// transaction that carries it out. A refused one is not kept. Used by the thread that writes.
///
/// @param tenant whose it is; empty for nobody's
record Once(Core core, String tenant, RequestKey request, List<Draft> drafts)
    implements Work<Once.Answer> {
  /// Each request that is kept takes so many old ones along.
  private static final int FORGET = 10;

  /// What became of it.
  ///
  /// @param refusal why the tenant may not; null if it may
  record Answer(EnqueuedOnce once, Refusal refusal) {
    /// @throws dev.quern.TenantRefusedException if it was refused
    EnqueuedOnce orThrow() {
      if (refusal != null) {
        throw refusal.exception();
      }
      return once;
    }
  }

  @Override
  public Answer apply(Tx tx) throws SQLException {
    long since = core.now() - RequestKey.KEPT.toMillis();
    RequestTable.forget(tx, since, FORGET);
    Optional<RequestTable.Answered> before = RequestTable.find(tx, tenant, request.key(), since);
    return before.isPresent() ? again(before.get()) : now(tx);
  }

  private Answer again(RequestTable.Answered before) {
    boolean same = before.fingerprint().equals(request.fingerprint());
    return new Answer(
        same
            ? new EnqueuedOnce(Status.REPLAYED, before.jobs())
            : new EnqueuedOnce(Status.KEY_REUSED, List.of()),
        null);
  }

  private Answer now(Tx tx) throws SQLException {
    Intake.Answer answer = core.intake().apply(tx, List.of(drafts)).getFirst();
    if (answer.refusal() != null) {
      return new Answer(null, answer.refusal());
    }
    RequestTable.Answered answered =
        new RequestTable.Answered(request.fingerprint(), answer.enqueued());
    RequestTable.put(tx, tenant, request.key(), answered, core.now());
    return new Answer(new EnqueuedOnce(Status.NEW, answer.enqueued()), null);
  }
}
