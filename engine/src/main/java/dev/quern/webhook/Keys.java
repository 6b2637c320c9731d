package dev.quern.webhook;

import java.time.Duration;
import java.util.Optional;

/// What signs deliveries now: a secret, and for a day after a rotation the one before.
///
/// @param current the newest
/// @param old the one before
/// @param oldUntil from when on the one before signs no more, by the store's clock
record Keys(Secret current, Optional<Secret> old, long oldUntil) {
  /// How long the secret before a rotation signs too.
  static final Duration OVERLAP = Duration.ofHours(24);

  static Keys of(Secret secret) {
    return new Keys(secret, Optional.empty(), 0);
  }

  /// With another secret from now on.
  Keys rotated(Secret next, long now) {
    return new Keys(next, Optional.of(current), now + OVERLAP.toMillis());
  }

  /// The value of the header: all signatures, the newest first.
  String signatures(String id, long now, String body) {
    long seconds = Math.floorDiv(now, 1_000L);
    String newest = current.sign(id, seconds, body);
    return old.filter(_ -> now < oldUntil)
        .map(before -> newest + " " + before.sign(id, seconds, body))
        .orElse(newest);
  }
}
