package dev.quern.webhook;

import dev.quern.JobFailedException;
import dev.quern.Webhook;
import dev.quern.core.Core;
import dev.quern.core.JobDesk;
import dev.quern.core.Scope;
import dev.quern.webhook.DeliveryTable.Parcel;
import java.util.Optional;

/// Finds out where deliveries go, each time anew: a webhook may have changed meanwhile. Safe for
/// use by several threads; blocks.
final class Errands {
  private final Core core;
  private final JobDesk jobs;

  Errands(Core core) {
    this.core = core;
    this.jobs = new JobDesk(core);
  }

  /// A delivery with all it needs.
  ///
  /// @param webhook to which webhook; empty for the URL of a single job
  /// @param target where to
  /// @param keys what signs it
  record Errand(Optional<Webhook> webhook, Target target, Keys keys) {}

  /// Where a delivery goes. What nobody wants any more is cancelled.
  ///
  /// @throws JobFailedException if it goes nowhere
  Errand of(long delivery) {
    Parcel parcel =
        core.store()
            .readers()
            .read(tx -> DeliveryTable.parcel(tx, delivery))
            .orElseThrow(() ->
                JobFailedException.unrecoverable("no_delivery", "nothing says where it goes"));
    return parcel.webhook().isPresent()
        ? toWebhook(delivery, parcel.webhook().get())
        : new Errand(
            Optional.empty(),
            target(parcel.url().orElseThrow()),
            Shares.jobKeys(core, parcel.tenant()));
  }

  private Errand toWebhook(long delivery, String id) {
    Optional<WebhookTable.Row> row =
        core.store().readers().read(tx -> WebhookTable.find(tx, id, Scope.ALL));
    if (row.filter(found -> found.webhook().enabled()).isEmpty()) {
      String why = "the webhook is " + (row.isEmpty() ? "deleted" : "disabled");
      jobs.cancel(delivery, why);
      throw JobFailedException.unrecoverable("webhook_gone", why);
    }
    Webhook webhook = row.get().webhook();
    return new Errand(Optional.of(webhook), target(webhook.url()), row.get().keys());
  }

  private static Target target(String url) {
    try {
      return Target.of(url);
    } catch (IllegalArgumentException e) {
      throw JobFailedException.unrecoverable("target_refused", e.getMessage());
    }
  }
}
