package dev.quern.webhook;

import dev.quern.Webhook;
import dev.quern.core.Core;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How webhooks fare, kept in the store: since when one has failed, and that it is disabled when it
/// has failed for too long or too much waits for it. Writes only what changes. Safe for use by
/// several threads; blocks.
final class Conduct {
  /// How long a webhook may answer nothing but failures before it is disabled.
  static final Duration PATIENCE = Duration.ofDays(5);

  /// How many deliveries may wait for a webhook before it is disabled.
  static final int BACKLOG = 100_000;

  private static final long LOOK_MILLIS = 60_000;

  private final Core core;
  private final int backlog;
  private final Map<String, Long> lookedAt = new ConcurrentHashMap<>();

  Conduct(Core core, int backlog) {
    this.core = core;
    this.backlog = backlog;
  }

  private long now() {
    return core.store().clock().millis();
  }

  /// It took a delivery.
  void succeeded(Webhook webhook) {
    if (webhook.failingSince().isPresent()) {
      core.store().writer().write(tx -> WebhookTable.working(tx, webhook.id()));
    }
  }

  /// It did not take one.
  void failed(Webhook webhook) {
    long now = now();
    if (webhook.failingSince().isEmpty()) {
      core.store().writer().write(tx -> WebhookTable.failing(tx, webhook.id(), now));
    } else if (now - webhook.failingSince().get().toEpochMilli() >= PATIENCE.toMillis()) {
      disable(webhook, "nothing but failures since " + webhook.failingSince().get());
    }
    waited(webhook);
  }

  /// Deliveries wait for it, perhaps too many: they are counted once a minute at most.
  void waited(Webhook webhook) {
    long now = now();
    Long before = lookedAt.get(webhook.id());
    if (before == null || now - before >= LOOK_MILLIS) {
      lookedAt.values().removeIf(at -> now - at >= LOOK_MILLIS);
      lookedAt.put(webhook.id(), now);
      if (waiting(webhook) >= backlog) {
        disable(webhook, "%,d deliveries or more were waiting for it".formatted(backlog));
      }
    }
  }

  /// Not all deliveries are looked at, which may be millions: those that wait are among the last.
  private long waiting(Webhook webhook) {
    return core.store().readers().read(tx -> DeliveryTable.waiting(tx, webhook.id(), 2 * backlog));
  }

  void disable(Webhook webhook, String why) {
    long now = now();
    core.store()
        .writer()
        .write(tx -> {
          WebhookTable.disable(tx, webhook.id(), why, now);
          Informer.changed(core, tx);
          return true;
        });
  }
}
