package dev.quern.core;

import dev.quern.store.Contradiction;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// The lanes as the writer remembers them, and which of them may have ready jobs. Used by the
/// thread that writes.
final class Lanes {
  private final Map<Long, Lane> byId = new HashMap<>();
  private final Map<Lane.Key, Lane> byKey = new HashMap<>();
  private final Set<Lane> withWork = new LinkedHashSet<>();
  private long newest;

  /// Reads the lanes that other connections may have added; any lane may have work now.
  void refresh(Tx tx) throws SQLException {
    for (Lane lane : LaneTable.newerThan(tx, newest)) {
      remember(lane);
    }
    withWork.addAll(byId.values());
  }

  /// Forgets everything: what was remembered may have been rolled back.
  void forget() {
    byId.clear();
    byKey.clear();
    withWork.clear();
    newest = 0;
  }

  /// The lane with this key, which is added if there is none.
  Lane of(Tx tx, Lane.Key key) throws SQLException {
    Lane lane = byKey.get(key);
    if (lane == null) {
      lane = LaneTable.findOrInsert(tx, key);
      remember(lane);
    }
    return lane;
  }

  Lane byId(Tx tx, long id) throws SQLException {
    if (!byId.containsKey(id)) {
      refresh(tx);
    }
    Lane lane = byId.get(id);
    if (lane == null) {
      throw new Contradiction("a job is of lane " + id + ", which is not there");
    }
    return lane;
  }

  Collection<Lane> all() {
    return byId.values();
  }

  Set<Lane> withWork() {
    return withWork;
  }

  private void remember(Lane lane) {
    byId.put(lane.id(), lane);
    byKey.put(lane.key(), lane);
    newest = Math.max(newest, lane.id());
  }
}
