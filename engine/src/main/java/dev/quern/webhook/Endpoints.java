package dev.quern.webhook;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How many deliveries to one host and port are under way in this process. What finds it busy gets
/// a time at which its turn should have come, so that a slow host does not hold the slots of the
/// pool. Safe for use by several threads.
final class Endpoints {
  /// The most deliveries to one host and port at once.
  static final int CONCURRENCY = 4;

  private static final long FIRST_GUESS_MILLIS = 100;
  private static final long LEAST_MILLIS = 50;

  private final Map<String, Load> loads = new HashMap<>();

  private static final class Load {
    private int busy;
    private long nextAt;
    private long meanMillis = FIRST_GUESS_MILLIS;
  }

  /// Takes a place; or says how long to wait, where none is free.
  synchronized Optional<Duration> enter(String endpoint, long now) {
    Load load = loads.computeIfAbsent(endpoint, _ -> new Load());
    if (load.busy < CONCURRENCY) {
      load.busy++;
      return Optional.empty();
    }
    load.nextAt = Math.max(load.nextAt, now) + Math.max(1, load.meanMillis / CONCURRENCY);
    return Optional.of(Duration.ofMillis(Math.max(LEAST_MILLIS, load.nextAt - now)));
  }

  /// Gives a place back.
  synchronized void leave(String endpoint, long now, long tookMillis) {
    Load load = loads.get(endpoint);
    load.busy--;
    load.meanMillis = (3 * load.meanMillis + tookMillis) / 4;
    loads.values().removeIf(other -> other.busy == 0 && other.nextAt <= now);
  }
}
