package dev.quern.http;

import dev.quern.Lease;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The answers to claims whose requests have an id: a worker that did not get its answer asks again
/// with the same id, and gets the same jobs. Kept in memory, the newest ones. Safe for use by
/// several threads.
final class Replays {
  private static final int MOST = 10_000;

  private final Map<Key, List<Lease>> answers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, List<Lease>> eldest) {
          return size() > MOST;
        }
      };

  /// A request of a worker.
  ///
  /// @param tenant whose worker it is
  record Key(Optional<String> tenant, String worker, String requestId) {}

  /// What was answered, unless its leases have run out.
  synchronized Optional<List<Lease>> find(Optional<Key> key) {
    return key.map(answers::get).filter(leases -> leases.getFirst().until().isAfter(Instant.now()));
  }

  synchronized void keep(Optional<Key> key, List<Lease> leases) {
    if (!leases.isEmpty()) {
      key.ifPresent(present -> answers.put(present, leases));
    }
  }

  synchronized void forget(Optional<Key> key) {
    key.ifPresent(answers::remove);
  }
}
