package dev.quern.webhook;

import dev.quern.JobState;
import dev.quern.Replayed;
import dev.quern.Webhook;
import dev.quern.WebhookReplay;
import dev.quern.core.Core;
import dev.quern.core.JobDesk;
import dev.quern.store.Tx;
import dev.quern.webhook.DeliveryTable.Seen;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Sends deliveries again. Who may ask for it is looked at by others. Safe for use by several
/// threads; blocks.
final class Resending {
  private final Core core;
  private final JobDesk jobs;

  Resending(Core core) {
    this.core = core;
    this.jobs = new JobDesk(core);
  }

  /// Sends a delivery again, if it is still in the state in which it was seen.
  void again(long delivery, JobState seen) {
    core.store().writer().write(tx -> jobs.again(tx, delivery, seen));
  }

  /// Sends those of a range again. They are looked for outside of the writer's batch, since there
  /// may be very many to look at.
  Replayed replay(Webhook webhook, WebhookReplay range) {
    check(range.from());
    List<Seen> found =
        core.store().readers().read(tx -> DeliveryTable.toReplay(tx, webhook.id(), range));
    List<Seen> page = found.stream().limit(range.limit()).toList();
    int sent = page.isEmpty() ? 0 : core.store().writer().write(tx -> again(tx, page));
    return new Replayed(
        sent, found.size() > page.size() ? Optional.of(page.getLast().id()) : Optional.empty());
  }

  private void check(Instant from) {
    Instant now = Instant.ofEpochMilli(core.store().clock().millis());
    if (from.isAfter(now)) {
      throw new IllegalArgumentException(
          "a replay from %s: must be no later than now, which is %s".formatted(from, now));
    }
  }

  private int again(Tx tx, List<Seen> page) throws SQLException {
    int sent = 0;
    for (Seen delivery : page) {
      sent += jobs.again(tx, delivery.id(), delivery.state()) ? 1 : 0;
    }
    return sent;
  }
}
