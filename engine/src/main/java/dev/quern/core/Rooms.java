package dev.quern.core;

import dev.quern.KindPolicy;
import dev.quern.Rate;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many more jobs of each kind the limits let a claim take: by process, over all processes, by
/// rate.
final class Rooms {
  private final Tx tx;
  private final Ledger ledger;
  private final Demand demand;
  private final Map<String, Integer> known = new HashMap<>();

  Rooms(Tx tx, Ledger ledger, Demand demand) {
    this.tx = tx;
    this.ledger = ledger;
    this.demand = demand;
  }

  /// The room of a kind; 0 if there is none.
  int of(String kind) throws SQLException {
    Integer room = known.get(kind);
    if (room == null) {
      room = (int) Math.max(0, Math.min(Integer.MAX_VALUE, look(kind)));
      known.put(kind, room);
    }
    return room;
  }

  /// Takes one place of the room of a kind.
  void take(String kind) {
    known.merge(kind, -1, Integer::sum);
  }

  private long look(String kind) throws SQLException {
    KindPolicy policy = ledger.kinds().policy(kind);
    long room = demand.room().applyAsInt(kind);
    if (policy.totalConcurrency().isPresent()) {
      room = Math.min(room, policy.totalConcurrency().get() - ClaimTable.runningOfKind(tx, kind));
    }
    if (policy.rate().isPresent()) {
      room = Math.min(room, leftOf(kind, policy.rate().get()));
    }
    return room;
  }

  private int leftOf(String kind, Rate rate) throws SQLException {
    KindTable.Window window = window(kind, rate);
    int left = rate.starts() - window.starts();
    if (left <= 0) {
      ledger.windowOpensAt(window.at() + rate.period().toMillis());
    }
    return left;
  }

  /// The open window of a rate, or a new one.
  private KindTable.Window window(String kind, Rate rate) throws SQLException {
    KindTable.Window window = KindTable.window(tx, kind);
    long now = ledger.now();
    return now < window.at() + rate.period().toMillis() ? window : new KindTable.Window(now, 0);
  }

  /// Takes what was claimed off the rates.
  void spend(List<Claimed> claimed) throws SQLException {
    Tally<String> starts = new Tally<>();
    for (Claimed job : claimed) {
      starts.add(job.lane().kind(), 1);
    }
    starts.forEach(this::spend);
  }

  private void spend(String kind, long starts) throws SQLException {
    Optional<Rate> rate = ledger.kinds().policy(kind).rate();
    if (rate.isPresent()) {
      KindTable.Window before = window(kind, rate.get());
      int spent = Math.toIntExact(before.starts() + starts);
      KindTable.putWindow(tx, kind, new KindTable.Window(before.at(), spent));
      if (spent >= rate.get().starts()) {
        ledger.windowOpensAt(before.at() + rate.get().period().toMillis());
      }
    }
  }
}
