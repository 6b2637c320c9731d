package dev.quern.core;

import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.List;

/// The best ready jobs of one lane, looked at one after the other. Made for one claim.
final class LaneFront {
  private static final int PAGE_LEAST = 4;

  /// A lane that has more of the best jobs than was thought likely has them all, mostly.
  private static final int GROWTH = 4;

  private final Tx tx;
  private final Lane lane;
  private final int limit;
  private int page;
  private List<ClaimTable.Head> heads;
  private int next;

  /// Looks at up to `limit` jobs, first at about as many as are likely to be wanted.
  LaneFront(Tx tx, Lane lane, int limit, int likely) throws SQLException {
    this.tx = tx;
    this.lane = lane;
    this.limit = limit;
    this.page = Math.min(limit, PAGE_LEAST + likely + likely / 4);
    this.heads = limit > 0 ? ClaimTable.heads(tx, lane, page) : List.of();
  }

  Lane lane() {
    return lane;
  }

  String kind() {
    return lane.kind();
  }

  boolean hasHead() {
    return next < heads.size();
  }

  ClaimTable.Head head() {
    return heads.get(next);
  }

  /// Goes on to the next job. A longer page begins with the jobs that were seen: nobody else
  /// writes.
  void advance() throws SQLException {
    next++;
    if (next == page && page < limit) {
      page = (int) Math.min(limit, (long) page * GROWTH);
      heads = ClaimTable.heads(tx, lane, page);
    }
  }

  /// Whether no ready job was there at all.
  boolean laneIsEmpty() {
    return limit > 0 && heads.isEmpty();
  }
}
