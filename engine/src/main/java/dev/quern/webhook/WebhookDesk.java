package dev.quern.webhook;

import dev.quern.Failure;
import dev.quern.IssuedWebhook;
import dev.quern.Job;
import dev.quern.NewWebhook;
import dev.quern.Webhook;
import dev.quern.WebhookDelivery;
import dev.quern.Webhooks;
import dev.quern.core.Core;
import dev.quern.core.JobDesk;
import dev.quern.core.Scope;
import dev.quern.json.Texts;
import dev.quern.store.Tx;
import dev.quern.store.Work;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/// The webhooks of a store, or of one tenant, as the lobby offers them.
public final class WebhookDesk implements Webhooks {
  private static final int ID_BYTES = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Core core;
  private final Scope scope;
  private final JobDesk jobs;

  /// The webhooks that a scope sees. What is created belongs to its tenant, or to the operator.
  public WebhookDesk(Core core, Scope scope) {
    this.core = core;
    this.scope = scope;
    this.jobs = new JobDesk(core);
  }

  private String tenant() {
    return scope.tenant().orElse(Core.NOBODY);
  }

  private long now() {
    return core.store().clock().millis();
  }

  private <T> T read(Work<T> question) {
    return core.store().readers().read(question);
  }

  private <T> T write(Work<T> work) {
    return core.store().writer().write(work);
  }

  // ---- changes

  @Override
  public IssuedWebhook create(NewWebhook asked) {
    core.onlooker().check(asked.url());
    Secret secret = asked.secret().map(Secret::parse).orElseGet(Secret::random);
    Webhook webhook = webhook(randomId(), tenant(), Instant.ofEpochMilli(now()), asked);
    Shares.limit(core);
    if (!write(tx -> insert(tx, webhook, secret))) {
      throw new IllegalStateException(
          "there are %d webhooks already, and no more are allowed: delete one first"
              .formatted(LIMIT));
    }
    return new IssuedWebhook(webhook, secret.text());
  }

  private static String randomId() {
    byte[] bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return "wh_" + HexFormat.of().formatHex(bytes);
  }

  private static Webhook webhook(String id, String tenant, Instant createdAt, NewWebhook asked) {
    return new Webhook(
        id,
        tenant,
        asked.url(),
        asked.states(),
        asked.kinds(),
        asked.description(),
        createdAt,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private boolean insert(Tx tx, Webhook webhook, Secret secret) throws SQLException {
    if (WebhookTable.count(tx, webhook.tenant()) >= LIMIT) {
      return false;
    }
    WebhookTable.insert(tx, webhook, secret);
    Informer.changed(core, tx);
    return true;
  }

  /// The change is asked for outside of the writer's batch, which it could break.
  @Override
  public Optional<Webhook> update(String id, UnaryOperator<NewWebhook> change) {
    Optional<NewWebhook> asked = get(id).map(Webhook::asNew).map(change);
    asked.ifPresent(this::checkUpdate);
    return asked.isPresent()
            && change(
                id,
                (tx, row) -> {
                  Webhook before = row.webhook();
                  WebhookTable.update(
                      tx, webhook(id, before.tenant(), before.createdAt(), asked.get()));
                })
        ? get(id)
        : Optional.empty();
  }

  private void checkUpdate(NewWebhook asked) {
    if (asked.secret().isPresent()) {
      throw new IllegalArgumentException("a secret is changed by rotateSecret alone");
    }
    core.onlooker().check(asked.url());
  }

  private interface Change {
    void apply(Tx tx, WebhookTable.Row row) throws SQLException;
  }

  /// Changes a webhook; returns whether there is one.
  private boolean change(String id, Change change) {
    return write(tx -> {
      Optional<WebhookTable.Row> row = WebhookTable.find(tx, id, scope);
      if (row.isPresent()) {
        change.apply(tx, row.get());
        Informer.changed(core, tx);
      }
      return row.isPresent();
    });
  }

  @Override
  public boolean disable(String id, String reason) {
    String kept = Texts.cut(reason, Failure.MESSAGE_LIMIT);
    return change(id, (tx, _) -> WebhookTable.disable(tx, id, kept, now()));
  }

  @Override
  public boolean enable(String id) {
    return change(id, (tx, _) -> WebhookTable.enable(tx, id));
  }

  @Override
  public boolean delete(String id) {
    return change(id, (tx, _) -> WebhookTable.delete(tx, id));
  }

  // ---- looking

  @Override
  public Optional<Webhook> get(String id) {
    return read(tx -> WebhookTable.find(tx, id, scope)).map(WebhookTable.Row::webhook);
  }

  @Override
  public List<Webhook> list() {
    return read(tx -> WebhookTable.all(tx, scope));
  }

  // ---- secrets

  @Override
  public Optional<String> rotateSecret(String id) {
    Secret next = Secret.random();
    boolean found =
        change(id, (tx, row) -> WebhookTable.keys(tx, id, row.keys().rotated(next, now())));
    return found ? Optional.of(next.text()) : Optional.empty();
  }

  @Override
  public String jobSecret() {
    return Shares.jobKeys(core, tenant()).current().text();
  }

  @Override
  public String rotateJobSecret() {
    Secret next = Secret.random();
    Shares.jobKeys(core, tenant());
    write(tx -> {
      Keys before = SecretTable.find(tx, tenant()).orElseThrow();
      return SecretTable.put(tx, tenant(), before.rotated(next, now()));
    });
    return next.text();
  }

  // ---- deliveries

  @Override
  public Optional<WebhookDelivery> test(String id) {
    Optional<Webhook> webhook = get(id);
    if (webhook.isEmpty()) {
      return Optional.empty();
    }
    if (!webhook.get().enabled()) {
      throw new IllegalStateException("the webhook %s is disabled: enable it first".formatted(id));
    }
    String body = Notice.test(id, Instant.ofEpochMilli(now()));
    DeliveryTable.Parcel parcel = Informer.to(webhook.get(), Notice.TEST, Optional.empty());
    return find(write(tx -> Informer.send(core, tx, body, parcel)));
  }

  private Optional<WebhookDelivery> find(long delivery) {
    return read(tx -> DeliveryTable.find(tx, delivery, scope));
  }

  @Override
  public List<WebhookDelivery> deliveries(String id, int limit) {
    checkLimit(limit);
    return read(tx -> DeliveryTable.ofWebhook(tx, id, scope, limit));
  }

  @Override
  public List<WebhookDelivery> deliveriesOf(long job, int limit) {
    checkLimit(limit);
    return read(tx -> DeliveryTable.about(tx, job, scope, limit));
  }

  private static void checkLimit(int limit) {
    if (limit < 1 || limit > DELIVERIES_LIMIT) {
      throw new IllegalArgumentException(
          "%,d deliveries in a list: must be 1 to %,d".formatted(limit, DELIVERIES_LIMIT));
    }
  }

  @Override
  public Optional<WebhookDelivery> redeliver(long delivery) {
    Optional<Job> job = find(delivery).flatMap(found -> jobs.get(found.id()));
    job.ifPresent(this::again);
    return find(delivery);
  }

  private void again(Job job) {
    if (job.state().ended()) {
      jobs.requeue(job.id());
    } else {
      jobs.change(job, OptionalInt.empty(), Optional.of(Instant.EPOCH));
    }
  }
}
