package dev.quern.webhook;

import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Webhook;
import dev.quern.core.Core;
import dev.quern.core.Onlooker;
import dev.quern.core.Scope;
import dev.quern.store.MetaTable;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Enqueues a delivery for everybody who wants to be told of the end of a job, in the transaction
/// of that end. Remembers who wants to be told of what; without any of them it does nothing.
public final class Informer implements Onlooker {
  /// The kind of deliveries.
  static final String KIND = Core.RESERVED + "webhook";

  /// The key of a number that each change of a webhook moves.
  private static final String VERSION = "webhooks";

  private static final String UNKNOWN = "unknown";
  private static final NewJob DELIVERY = NewJob.json(KIND, "null").maxAttempts(Schedule.ATTEMPTS);

  private final Core core;
  private final Frontier frontier;
  private Map<String, List<Webhook>> byTenant = Map.of();
  private boolean anyAddressed;
  private String version = UNKNOWN;

  /// Looks on at an engine.
  public Informer(Core core) {
    this.core = core;
    this.frontier = new Frontier(core.config().webhookTargets(), Resolver.SYSTEM);
  }

  @Override
  public void check(String url) {
    frontier.check(url);
  }

  // ---- what is remembered

  @Override
  public void refresh(Tx tx) throws SQLException {
    anyAddressed = DeliveryTable.anyAddressed(tx);
    String found = MetaTable.get(tx, VERSION).orElse("");
    if (!found.equals(version)) {
      byTenant =
          WebhookTable.all(tx, Scope.ALL).stream()
              .filter(Webhook::enabled)
              .collect(Collectors.groupingBy(Webhook::tenant));
      version = found;
    }
  }

  @Override
  public void forget() {
    version = UNKNOWN;
  }

  @Override
  public void addressed() {
    anyAddressed = true;
  }

  /// Takes note of a change of webhooks, for all processes. Belongs to the thread that writes.
  static void changed(Core core, Tx tx) throws SQLException {
    long next = Long.parseLong(MetaTable.get(tx, VERSION).orElse("0")) + 1;
    MetaTable.put(tx, VERSION, Long.toString(next));
    core.onlooker().refresh(tx);
  }

  // ---- ends

  @Override
  public void ended(Tx tx, String tenant, String kind, long jobId, JobState state)
      throws SQLException {
    if (byTenant.isEmpty() && !anyAddressed || kind.startsWith(Core.RESERVED)) {
      return;
    }
    List<Webhook> interested = interested(tenant, kind, state);
    Optional<String> address = anyAddressed ? DeliveryTable.address(tx, jobId) : Optional.empty();
    if (!interested.isEmpty() || address.isPresent()) {
      Notice notice = DeliveryTable.notice(tx, tenant, kind, jobId, state);
      for (Webhook webhook : interested) {
        send(core, tx, notice.json(), to(webhook, notice.event(), Optional.of(jobId)));
      }
      if (address.isPresent()) {
        send(core, tx, notice.json(), to(address, notice));
      }
    }
  }

  private List<Webhook> interested(String tenant, String kind, JobState state) {
    List<Webhook> operators = byTenant.getOrDefault(Core.NOBODY, List.of());
    List<Webhook> own =
        tenant.equals(Core.NOBODY) ? List.of() : byTenant.getOrDefault(tenant, List.of());
    return Stream.concat(operators.stream(), own.stream())
        .filter(webhook -> webhook.states().contains(state))
        .filter(webhook -> webhook.kinds().isEmpty() || webhook.kinds().contains(kind))
        .toList();
  }

  static DeliveryTable.Parcel to(Webhook webhook, String event, Optional<Long> about) {
    return new DeliveryTable.Parcel(
        webhook.tenant(), Optional.of(webhook.id()), Optional.empty(), event, about);
  }

  private static DeliveryTable.Parcel to(Optional<String> address, Notice notice) {
    return new DeliveryTable.Parcel(
        notice.tenant(), Optional.empty(), address, notice.event(), Optional.of(notice.jobId()));
  }

  /// Enqueues a delivery; returns its id. Belongs to the thread that writes.
  static long send(Core core, Tx tx, String body, DeliveryTable.Parcel parcel) throws SQLException {
    long id = core.enqueueOwn(tx, DELIVERY, body);
    DeliveryTable.insert(tx, id, parcel);
    return id;
  }
}
