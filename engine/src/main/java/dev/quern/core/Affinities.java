package dev.quern.core;

import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which affinity key each lane ran last: among jobs of equal priority the next ones with the same
/// key come first, for at most so many in a row. Used by the thread that writes.
final class Affinities {
  private final int runLimit;
  private final Map<Lane, Streak> last = new HashMap<>();

  /// So many jobs of one key in a row.
  private record Streak(String key, int length) {}

  Affinities(int runLimit) {
    this.runLimit = runLimit;
  }

  /// The ready jobs with the preferred key, if such a job is as urgent as the front of the lane.
  List<Claimed> ready(
      Tx tx, Lane lane, int limit, ClaimTable.Stamp stamp, Optional<String> preferred)
      throws SQLException {
    Streak streak = last.get(lane);
    String key = preferred.orElse(streak == null ? null : streak.key());
    int room = streak == null || !streak.key().equals(key) ? runLimit : runLimit - streak.length();
    if (key == null || room <= 0) {
      return List.of();
    }
    List<ClaimTable.Head> front = ClaimTable.heads(tx, lane, 1);
    return front.isEmpty()
        ? List.of()
        : ClaimTable.readyAffine(
            tx, lane, Math.min(limit, room), stamp, key, front.getFirst().priority());
  }

  /// Takes note of what was claimed, in its order.
  void ran(List<Claimed> jobs) {
    for (Claimed job : jobs) {
      if (job.affinityKey() == null) {
        last.remove(job.lane());
      } else {
        last.merge(job.lane(), new Streak(job.affinityKey(), 1), Affinities::longer);
      }
    }
  }

  private static Streak longer(Streak before, Streak now) {
    return before.key().equals(now.key()) ? new Streak(now.key(), before.length() + 1) : now;
  }
}
