package dev.quern.core;

import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.List;

/// The best ready jobs of one lane, looked at one after the other.
final class LaneFront {
  private final Lane lane;
  private final int limit;
  private final List<ClaimTable.Head> heads;
  private int next;

  /// Looks at up to `limit` jobs.
  LaneFront(Tx tx, Lane lane, int limit) throws SQLException {
    this.lane = lane;
    this.limit = limit;
    this.heads = limit > 0 ? ClaimTable.heads(tx, lane, limit) : List.of();
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

  void advance() {
    next++;
  }

  /// Whether no ready job was there at all.
  boolean laneIsEmpty() {
    return limit > 0 && heads.isEmpty();
  }
}
