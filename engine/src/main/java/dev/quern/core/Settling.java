package dev.quern.core;

import dev.quern.LogLine;
import dev.quern.store.Step;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Records the ends of attempts, each only under its fence. Used by the thread that writes.
final class Settling implements Step<Settlement, Boolean> {
  /// For how long after a lease in a set was not held they are counted first.
  private static final long CAREFUL_MILLIS = 60_000;

  private final Ledger ledger;
  private final Intake intake;
  private final Ends ends;

  /// Unlike all else that steps remember, this outlives a batch that is undone.
  private long carefulUntil = Long.MIN_VALUE;

  Settling(Ledger ledger, Intake intake) {
    this.ledger = ledger;
    this.intake = intake;
    this.ends = new Ends(ledger);
  }

  /// How an attempt that did not end well goes on.
  Ends ends() {
    return ends;
  }

  @Override
  public Phase phase() {
    return Phase.SETTLE;
  }

  /// Answers for each settlement whether its lease still held. Nearly always all hold, which is
  /// taken for granted until one does not, or its handler has completed in a transaction of its
  /// own: then the batch is undone, and written anew with care.
  @Override
  public List<Boolean> apply(Tx tx, List<Settlement> asked) throws SQLException {
    long now = ledger.now();
    try {
      return apply(tx, asked, now < carefulUntil);
    } catch (Completing.NotHeld fault) {
      carefulUntil = now + CAREFUL_MILLIS;
      throw fault;
    }
  }

  /// The same for settlements that were asked for in one request, which cannot be written anew in
  /// parts.
  List<Boolean> applyCarefully(Tx tx, List<Settlement> asked) throws SQLException {
    return apply(tx, asked, true);
  }

  private List<Boolean> apply(Tx tx, List<Settlement> asked, boolean careful) throws SQLException {
    List<Settlement> members = admitted(tx, asked);
    Boolean[] held = new Completing(tx, ledger, intake, members).run(careful);
    for (int i = 0; i < held.length; i++) {
      Settlement settlement = members.get(i);
      if (held[i] == null) {
        held[i] = settleOne(tx, settlement);
      }
      held[i] = held[i] || acknowledge(tx, settlement);
      if (settlement.freesSlot()) {
        ledger.changes().freed(settlement.lane().kind());
      }
    }
    return Arrays.asList(held);
  }

  /// The same, but without the ends for whose follow-ups the tenant has no room: these attempts
  /// have failed.
  private List<Settlement> admitted(Tx tx, List<Settlement> asked) throws SQLException {
    List<Settlement> admitted = asked;
    for (int i = 0; i < asked.size(); i++) {
      if (asked.get(i).verdict() instanceof Verdict.Done done && !done.followUps().isEmpty()) {
        Optional<Refusal> refusal = ledger.tenants().admitFollowUps(tx, done.followUps());
        if (refusal.isPresent()) {
          admitted = admitted == asked ? new ArrayList<>(asked) : admitted;
          admitted.set(i, asked.get(i).failed(refusal.get()));
        }
      }
    }
    return admitted;
  }

  private boolean settleOne(Tx tx, Settlement settlement) throws SQLException {
    Optional<Held> held = EndTable.held(tx, settlement.jobId(), settlement.fence());
    if (held.isEmpty()) {
      return false;
    }
    writeNotes(tx, settlement);
    ends.end(tx, held.get(), settlement.lane(), settlement.verdict());
    return true;
  }

  /// Writes what a handler said; the caller has made sure of the fence.
  static void writeNotes(Tx tx, Settlement s) throws SQLException {
    Settlement.Notes notes = s.notes();
    if (notes.progress().isPresent() || notes.note().isPresent()) {
      EndTable.progress(tx, s.jobId(), s.fence(), notes.progress(), notes.note());
    }
    for (LogLine line : notes.lines()) {
      AttemptTable.insertLine(tx, s.jobId(), line);
    }
  }

  /// A handler that settled its job in its own transaction leaves it to us to count it.
  private boolean acknowledge(Tx tx, Settlement s) throws SQLException {
    boolean ended = EndTable.acknowledge(tx, s.jobId(), s.fence());
    if (ended) {
      Completing.count(tx, ledger, s, ledger.now());
      writeNotes(tx, s);
    }
    return ended;
  }
}
