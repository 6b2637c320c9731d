package dev.quern;

import java.time.Instant;
import java.util.Optional;

/// Which deliveries to a webhook are sent again. Immutable; each method with an argument returns a
/// changed copy.
///
/// @param from the first moment of which deliveries are sent again, by [WebhookDelivery#createdAt];
///   from 1970 on
/// @param to the moment before which they end, which is after `from`; default: none, which means up
///   to now
/// @param all whether those are sent again that were taken, too; default: only those that failed,
///   were cancelled or wait for their next attempt
/// @param limit how many at most, 1 to [#LIMIT]; default: that
/// @param after only those after this one, from [Replayed#next]; default: 0
public record WebhookReplay(
    Instant from, Optional<Instant> to, boolean all, int limit, long after) {

  /// The most deliveries that are sent again by one call.
  public static final int LIMIT = 1_000;

  /// A range with its bounds checked.
  public WebhookReplay {
    if (from.isBefore(Instant.EPOCH)) {
      throw new IllegalArgumentException(
          "a replay from %s: must be no earlier than %s".formatted(from, Instant.EPOCH));
    }
    Limits.at(from);
    if (to.isPresent() && !Limits.at(to.get()).isAfter(from)) {
      throw new IllegalArgumentException(
          "a replay from %s to %s: must end after it begins".formatted(from, to.get()));
    }
    Limits.between("deliveries of a replay", limit, 1, LIMIT);
    Limits.between("a replay after the delivery", after, 0, Long.MAX_VALUE);
  }

  /// All that was not taken since then.
  public static WebhookReplay of(Instant from) {
    return new WebhookReplay(from, Optional.empty(), false, LIMIT, 0);
  }

  /// Only before this.
  public WebhookReplay to(Instant to) {
    return new WebhookReplay(from, Optional.of(to), all, limit, after);
  }

  /// What was taken, too, or not.
  public WebhookReplay all(boolean all) {
    return new WebhookReplay(from, to, all, limit, after);
  }

  /// So many at most.
  public WebhookReplay limit(int limit) {
    return new WebhookReplay(from, to, all, limit, after);
  }

  /// Goes on where a replay ended.
  public WebhookReplay after(long delivery) {
    return new WebhookReplay(from, to, all, limit, delivery);
  }
}
