package dev.quern.core;

import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Claims the best ready jobs of all the lanes that a claimant serves: smallest priority first,
/// then oldest. Limits, pauses and capabilities leave whole lanes out, so a claim never looks at a
/// job that it cannot take. Used by the thread that writes.
final class Claims {
  /// With more lanes at work than this, claims go round them in turns.
  static final int LANES_LIMIT = 256;

  private final Ledger ledger;
  private final Affinities affinities;

  Claims(Ledger ledger) {
    this.ledger = ledger;
    this.affinities = new Affinities(ledger.config().affinityRun());
  }

  /// Claims up to as many jobs as there are slots, in the order in which they are to be worked on.
  List<Claimed> claim(Tx tx, Demand demand) throws SQLException {
    Rooms rooms = new Rooms(tx, ledger, demand);
    OneClaim one = new OneClaim(tx, ledger, affinities, demand);
    int unseen = ledger.lanes().withWork().size();
    while (unseen > 0 && one.left() > 0) {
      List<Lane> lanes = eligible(demand);
      claim(one, shares(tx, lanes, rooms, demand.slots(one.left())));
      unseen = lanes.size() < LANES_LIMIT ? 0 : unseen - LANES_LIMIT;
    }
    List<Claimed> claimed = one.claimed();
    rooms.spend(claimed);
    claimed.sort(Claimed.ORDER);
    affinities.ran(claimed);
    return claimed;
  }

  private static void claim(OneClaim one, Map<Lane, Integer> shares) throws SQLException {
    for (Map.Entry<Lane, Integer> share : shares.entrySet()) {
      one.take(share.getKey(), share.getValue());
    }
    one.move();
  }

  /// How many jobs to claim of which lane.
  private Map<Lane, Integer> shares(Tx tx, List<Lane> lanes, Rooms rooms, Demand demand)
      throws SQLException {
    return lanes.size() == 1
        ? only(lanes.getFirst(), rooms, demand)
        : best(tx, lanes, rooms, demand);
  }

  /// Whether there is anything to claim. Only reads.
  boolean any(Tx tx, Demand demand) throws SQLException {
    for (Lane lane : List.copyOf(ledger.lanes().withWork())) {
      if (open(lane, demand)) {
        if (!ClaimTable.heads(tx, lane, 1).isEmpty()) {
          return true;
        }
        ledger.lanes().withWork().remove(lane);
      }
    }
    return false;
  }

  private List<Lane> eligible(Demand demand) {
    List<Lane> lanes = new ArrayList<>();
    Iterator<Lane> withWork = ledger.lanes().withWork().iterator();
    while (withWork.hasNext() && lanes.size() < LANES_LIMIT) {
      Lane lane = withWork.next();
      if (open(lane, demand)) {
        lanes.add(lane);
      }
    }
    if (lanes.size() == LANES_LIMIT) {
      toTheBack(lanes);
    }
    return lanes;
  }

  private boolean open(Lane lane, Demand demand) {
    return demand.serves(lane)
        && ledger.kinds().open(lane.kind())
        && ledger.tenants().open(lane.tenant());
  }

  private void toTheBack(List<Lane> lanes) {
    ledger.lanes().withWork().removeAll(lanes);
    ledger.lanes().withWork().addAll(lanes);
  }

  private Map<Lane, Integer> only(Lane lane, Rooms rooms, Demand demand) throws SQLException {
    int share = Math.min(demand.slots(), rooms.of(lane.kind()));
    return share > 0 ? Map.of(lane, share) : Map.of();
  }

  /// How many of the best jobs are in which lane: the fronts of the lanes are merged.
  private Map<Lane, Integer> best(Tx tx, List<Lane> lanes, Rooms rooms, Demand demand)
      throws SQLException {
    PriorityQueue<LaneFront> fronts = new PriorityQueue<>(Comparator.comparing(LaneFront::head));
    for (Lane lane : lanes) {
      int limit = Math.min(demand.slots(), rooms.of(lane.kind()));
      addUnlessEmpty(fronts, new LaneFront(tx, lane, limit, demand.slots() / lanes.size()));
    }
    Map<Lane, Integer> shares = new LinkedHashMap<>();
    for (int slots = demand.slots(); slots > 0 && !fronts.isEmpty(); ) {
      LaneFront front = fronts.poll();
      if (rooms.of(front.kind()) > 0) {
        shares.merge(front.lane(), 1, Integer::sum);
        rooms.take(front.kind());
        slots--;
        front.advance();
        addUnlessEmpty(fronts, front);
      }
    }
    return shares;
  }

  private void addUnlessEmpty(PriorityQueue<LaneFront> fronts, LaneFront front) {
    if (front.hasHead()) {
      fronts.add(front);
    } else if (front.laneIsEmpty()) {
      ledger.lanes().withWork().remove(front.lane());
    }
  }
}
