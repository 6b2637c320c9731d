package dev.quern.core;

import dev.quern.KindPolicy;
import dev.quern.KindStatus;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// The kinds as the writer remembers them. Used by the thread that writes.
final class KindCache {
  private final Map<String, KindStatus> kinds = new HashMap<>();

  /// Reads all kinds anew.
  void refresh(Tx tx) throws SQLException {
    kinds.clear();
    for (KindStatus status : KindTable.all(tx)) {
      kinds.put(status.kind(), status);
    }
  }

  KindStatus get(String kind) {
    return kinds.computeIfAbsent(kind, KindTable::unknown);
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
