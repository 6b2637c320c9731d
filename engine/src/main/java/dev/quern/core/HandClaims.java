package dev.quern.core;

import dev.quern.store.Step;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Claims by hand, one after the other, after what is due has become ready. Used by the thread that
/// writes.
final class HandClaims implements Step<Demand, List<Claimed>> {
  private final Ledger ledger;
  private final Ripener ripener;
  private final Claims claims;

  HandClaims(Ledger ledger) {
    this.ledger = ledger;
    this.ripener = new Ripener(ledger);
    this.claims = new Claims(ledger);
  }

  @Override
  public Phase phase() {
    return Phase.CLAIM;
  }

  @Override
  public List<List<Claimed>> apply(Tx tx, List<Demand> members) throws SQLException {
    if (ripener.dueAt() <= ledger.now()) {
      ripener.run(tx);
    }
    List<List<Claimed>> claimed = new ArrayList<>(members.size());
    for (Demand demand : members) {
      claimed.add(claims.claim(tx, demand));
    }
    ledger.changes().claimedByHand();
    return claimed;
  }
}
