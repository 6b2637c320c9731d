package dev.quern.core;

import dev.quern.LogLine;
import dev.quern.Outcome;
import dev.quern.Transition;
import dev.quern.store.Step;
import dev.quern.store.Tx;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Records the ends of attempts, each only under its fence. Used by the thread that writes.
final class Settling implements Step<Settlement, Boolean> {
  /// Fewer jobs than this are completed one by one: a set has a price of its own.
  private static final int SET_LEAST = 4;

  private final Ledger ledger;
  private final Intake intake;
  private final Ends ends;

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

  /// Answers for each settlement whether its lease still held.
  @Override
  public List<Boolean> apply(Tx tx, List<Settlement> asked) throws SQLException {
    List<Settlement> members = admitted(tx, asked);
    Boolean[] held = new Boolean[members.size()];
    complete(tx, members, held);
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

  /// Completes all that ended well: those without a result as sets of one fence, which most jobs
  /// share, and the others in one batch.
  private void complete(Tx tx, List<Settlement> members, Boolean[] held) throws SQLException {
    Map<Long, BitSet> plain = new HashMap<>();
    BitSet others = new BitSet();
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).verdict() instanceof Verdict.Done done) {
        (done.result().isEmpty()
                ? plain.computeIfAbsent(members.get(i).fence(), _ -> new BitSet())
                : others)
            .set(i);
      }
    }
    for (Map.Entry<Long, BitSet> set : plain.entrySet()) {
      if (!completeSet(tx, members, held, set.getKey(), set.getValue())) {
        others.or(set.getValue());
      }
    }
    completeEach(tx, members, held, others);
  }

  /// Completes a set if every lease in it holds.
  private boolean completeSet(
      Tx tx, List<Settlement> members, Boolean[] held, long fence, BitSet places)
      throws SQLException {
    long now = ledger.now();
    long[] jobs = places.stream().mapToLong(i -> members.get(i).jobId()).toArray();
    if (jobs.length < SET_LEAST || !EndTable.completeAll(tx, jobs, fence, now)) {
      return false;
    }
    for (int i = places.nextSetBit(0); i >= 0; i = places.nextSetBit(i + 1)) {
      held[i] = true;
      completed(tx, members.get(i), now);
    }
    return true;
  }

  private void completeEach(Tx tx, List<Settlement> members, Boolean[] held, BitSet each)
      throws SQLException {
    long now = ledger.now();
    int[] places = each.stream().toArray();
    PreparedStatement complete = EndTable.complete(tx);
    for (int place : places) {
      bind(complete, members.get(place), (Verdict.Done) members.get(place).verdict(), now);
    }
    int[] changed = places.length == 0 ? new int[0] : complete.executeBatch();
    for (int i = 0; i < changed.length; i++) {
      held[places[i]] = changed[i] == 1;
      if (changed[i] == 1) {
        completed(tx, members.get(places[i]), now);
      }
    }
  }

  private static void bind(PreparedStatement complete, Settlement s, Verdict.Done done, long now)
      throws SQLException {
    complete.setLong(1, now);
    complete.setString(2, done.result().orElse(null));
    complete.setLong(3, s.jobId());
    complete.setLong(4, s.fence());
    complete.addBatch();
  }

  private void completed(Tx tx, Settlement s, long now) throws SQLException {
    ledger.changes().moved(tx, Transition.COMPLETE, s.lane(), s.jobId(), s.fence(), now);
    done(s, now);
    if (!s.plain()) {
      intake.insert(tx, ((Verdict.Done) s.verdict()).followUps());
      writeNotes(tx, s);
    }
  }

  private void done(Settlement s, long now) {
    ledger.changes().stopwatch().ran(s.lane().kind(), Outcome.DONE, now - s.startedAt());
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
      ledger.changes().moved(tx, Transition.COMPLETE, s.lane(), s.jobId(), s.fence(), ledger.now());
      done(s, ledger.now());
      writeNotes(tx, s);
    }
    return ended;
  }
}
