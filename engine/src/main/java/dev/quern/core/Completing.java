package dev.quern.core;

import dev.quern.Outcome;
import dev.quern.Transition;
import dev.quern.store.Tx;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Completes what ended well among the settlements of a batch: those without a result as sets of
/// one fence, which most jobs share, and the others in one batch of statements. Made for one batch.
final class Completing {
  /// Fewer jobs than this are completed one by one: a set has a price of its own.
  private static final int SET_LEAST = 4;

  /// A lease in a set was not held, and it is not known which: what was written has to be undone.
  static final class NotHeld extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NotHeld() {
      super("a lease in a set is not held", null, false, false);
    }
  }

  private final Tx tx;
  private final Ledger ledger;
  private final Intake intake;
  private final List<Settlement> members;
  private final Boolean[] held;
  private final long now;

  Completing(Tx tx, Ledger ledger, Intake intake, List<Settlement> members) {
    this.tx = tx;
    this.ledger = ledger;
    this.intake = intake;
    this.members = members;
    this.held = new Boolean[members.size()];
    this.now = ledger.now();
  }

  /// Completes them and says of each whether its lease was held; null of what did not end well.
  ///
  /// @param careful whether to count the leases of a set first, which takes as long as a fifth of
  ///   its update
  /// @throws NotHeld if not all leases of a set are held, and `careful` is false
  Boolean[] run(boolean careful) throws SQLException {
    Map<Long, BitSet> plain = new HashMap<>();
    BitSet others = new BitSet();
    for (int i = 0; i < held.length; i++) {
      if (members.get(i).verdict() instanceof Verdict.Done done) {
        (done.result().isEmpty()
                ? plain.computeIfAbsent(members.get(i).fence(), _ -> new BitSet())
                : others)
            .set(i);
      }
    }
    for (Map.Entry<Long, BitSet> set : plain.entrySet()) {
      if (!completeSet(set.getKey(), set.getValue(), careful)) {
        others.or(set.getValue());
      }
    }
    completeEach(others);
    return held;
  }

  /// Returns false if they are better completed one by one.
  private boolean completeSet(long fence, BitSet places, boolean careful) throws SQLException {
    long[] jobs = places.stream().mapToLong(i -> members.get(i).jobId()).toArray();
    if (jobs.length < SET_LEAST || careful && EndTable.countHeld(tx, jobs, fence) < jobs.length) {
      return false;
    }
    if (EndTable.completeAll(tx, jobs, fence, now) < jobs.length) {
      throw new NotHeld();
    }
    for (int i = places.nextSetBit(0); i >= 0; i = places.nextSetBit(i + 1)) {
      completed(i);
    }
    return true;
  }

  private void completeEach(BitSet each) throws SQLException {
    int[] places = each.stream().toArray();
    PreparedStatement complete = EndTable.complete(tx);
    for (int place : places) {
      bind(complete, members.get(place));
    }
    int[] changed = places.length == 0 ? new int[0] : complete.executeBatch();
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] == 1) {
        completed(places[i]);
      } else {
        held[places[i]] = false;
      }
    }
  }

  private void bind(PreparedStatement complete, Settlement s) throws SQLException {
    complete.setLong(1, now);
    complete.setString(2, ((Verdict.Done) s.verdict()).result().orElse(null));
    complete.setLong(3, s.jobId());
    complete.setLong(4, s.fence());
    complete.addBatch();
  }

  private void completed(int place) throws SQLException {
    Settlement s = members.get(place);
    held[place] = true;
    count(tx, ledger, s, now);
    if (!s.plain()) {
      intake.insert(tx, ((Verdict.Done) s.verdict()).followUps());
      Settling.writeNotes(tx, s);
    }
  }

  /// Takes note of a completion.
  static void count(Tx tx, Ledger ledger, Settlement s, long now) throws SQLException {
    ledger.changes().moved(tx, Transition.COMPLETE, s.lane(), s.jobId(), s.fence(), now);
    ledger.changes().stopwatch().ran(s.lane().kind(), Outcome.DONE, now - s.startedAt());
  }
}
