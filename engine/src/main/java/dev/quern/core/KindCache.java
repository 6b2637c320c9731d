package dev.quern.core;

import dev.quern.KindPolicy;
import dev.quern.KindStatus;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// The kinds as the writer remembers them. Used by the thread that writes.
final class KindCache {
  private Map<String, KindStatus> kinds = Map.of();
  private int changes;

  /// Reads all kinds anew.
  void refresh(Tx tx) throws SQLException {
    Map<String, KindStatus> before = kinds;
    kinds = new HashMap<>();
    for (KindStatus status : KindTable.all(tx)) {
      kinds.put(status.kind(), status);
    }
    changes += kinds.equals(before) ? 0 : 1;
  }

  /// How often a kind was found changed.
  int changes() {
    return changes;
  }

  KindStatus get(String kind) {
    KindStatus known = kinds.get(kind);
    return known == null ? KindTable.unknown(kind) : known;
  }

  KindPolicy policy(String kind) {
    return get(kind).policy();
  }

  /// Whether jobs of a kind may be claimed at all.
  boolean open(String kind) {
    KindStatus status = get(kind);
    return status.pausedAt().isEmpty() && !status.policy().retired();
  }
}
