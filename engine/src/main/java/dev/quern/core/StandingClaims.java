package dev.quern.core;

import dev.quern.store.Step;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Who waits for jobs by hand. Whoever came first is served first, in the commit that makes jobs
/// ready. Used by the thread that writes.
final class StandingClaims implements Step<Standing, Boolean> {
  private final Ledger ledger;
  private final Claims claims;
  private final Set<Standing> waiting = new LinkedHashSet<>();
  private final List<Standing> arriving = new ArrayList<>();
  private final List<Grant> grants = new ArrayList<>();
  private volatile boolean stopped;

  /// What is given to whom, once it is durable.
  private record Grant(Standing to, List<Claimed> jobs) {}

  StandingClaims(Ledger ledger) {
    this.ledger = ledger;
    this.claims = new Claims(ledger);
  }

  @Override
  public Phase phase() {
    return Phase.CLAIM;
  }

  /// Lets them in. What they get is decided at the end of the batch, for all in one order.
  @Override
  public List<Boolean> apply(Tx tx, List<Standing> members) {
    waiting.removeIf(Standing::closed);
    arriving.addAll(members);
    return Collections.nCopies(members.size(), true);
  }

  /// Whether nobody waits.
  boolean empty() {
    return waiting.isEmpty();
  }

  /// Claims for those who wait.
  void claim(Tx tx) throws SQLException {
    if (!waiting.isEmpty() || !arriving.isEmpty()) {
      Set<Standing.Wish> inVain = new HashSet<>();
      claim(tx, waiting, inVain);
      claim(tx, arriving, inVain);
    }
  }

  private void claim(Tx tx, Iterable<Standing> all, Set<Standing.Wish> inVain) throws SQLException {
    for (Standing each : all) {
      if (stopped || ledger.lanes().withWork().isEmpty()) {
        return;
      }
      if (!inVain.contains(each.wish()) && !each.closed()) {
        List<Claimed> jobs = claims.claim(tx, each.demand());
        if (jobs.isEmpty()) {
          inVain.add(each.wish());
        } else {
          ledger.changes().claimedByHand();
          grants.add(new Grant(each, jobs));
        }
      }
    }
  }

  /// Whether there is a job for anybody. Only reads.
  boolean any(Tx tx) throws SQLException {
    Set<Standing.Wish> asked = new HashSet<>();
    for (Standing each : waiting) {
      if (!each.closed() && asked.add(each.wish()) && claims.any(tx, each.demand())) {
        return true;
      }
    }
    return false;
  }

  /// The batch is durable: hands out what was claimed in it.
  void committed() {
    waiting.addAll(arriving);
    arriving.clear();
    for (Grant grant : grants) {
      waiting.remove(grant.to());
      grant.to().deliver(grant.jobs());
    }
    grants.clear();
  }

  /// The batch is undone: nobody came, and nobody got anything.
  void rolledBack() {
    arriving.clear();
    grants.clear();
  }

  /// Claims no more.
  void stop() {
    stopped = true;
  }

  /// The engine is closed: nobody need wait any more.
  void endAll() {
    waiting.forEach(Standing::end);
    waiting.clear();
  }
}
