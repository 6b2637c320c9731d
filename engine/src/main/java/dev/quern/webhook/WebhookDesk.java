package dev.quern.webhook;

import dev.quern.Failure;
import dev.quern.IssuedWebhook;
import dev.quern.NewWebhook;
import dev.quern.Replayed;
import dev.quern.Webhook;
import dev.quern.WebhookDelivery;
import dev.quern.WebhookReplay;
import dev.quern.Webhooks;
import dev.quern.core.Core;
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
import java.util.function.UnaryOperator;

/// The webhooks of a store, or of one tenant, as the lobby offers them.
public final class WebhookDesk implements Webhooks {
  private static final int ID_BYTES = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Core core;
  private final Scope scope;
  private final Resending resending;

  /// The webhooks that a scope sees. What is created belongs to its tenant, or to the operator.
  public WebhookDesk(Core core, Scope scope) {
    this.core = core;
    this.scope = scope;
    this.resending = new Resending(core);
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

  @Override
  public void check(String url) {
    core.onlooker().check(url);
  }

  // ---- changes

  @Override
  public IssuedWebhook create(NewWebhook asked) {
    check(asked.url());
    Secret secret = Secret.of(asked);
    Webhook webhook =
        webhook(randomId(), tenant(), Instant.ofEpochMilli(now()), asked, secret.publicKey());
    Shares.limit(core);
    if (!write(tx -> insert(tx, webhook, secret))) {
      throw new IllegalStateException(
          "there are %d webhooks already, and no more are allowed: delete one first"
              .formatted(LIMIT));
    }
    return new IssuedWebhook(webhook, secret.shown());
  }

  private static String randomId() {
    byte[] bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return "wh_" + HexFormat.of().formatHex(bytes);
  }

  private static Webhook webhook(
      String id, String tenant, Instant createdAt, NewWebhook asked, Optional<String> publicKey) {
    return new Webhook(
        id,
        tenant,
        asked.url(),
        asked.states(),
        asked.kinds(),
        asked.description(),
        publicKey,
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
    Optional<NewWebhook> asked =
        get(id).map(before -> checked(before, change.apply(before.asNew())));
    return asked.isPresent()
            && change(
                id,
                (tx, row) -> {
                  Webhook old = row.webhook();
                  WebhookTable.update(
                      tx, webhook(id, old.tenant(), old.createdAt(), asked.get(), old.publicKey()));
                })
        ? get(id)
        : Optional.empty();
  }

  private NewWebhook checked(Webhook before, NewWebhook asked) {
    if (asked.secret().isPresent()) {
      throw new IllegalArgumentException("a secret is changed by rotateSecret alone");
    }
    if (asked.signature() != before.signature()) {
      throw new IllegalArgumentException(
          "the signature %s for a webhook of %s: it cannot be changed, so create another webhook"
              .formatted(asked.signature().label(), before.signature().label()));
    }
    check(asked.url());
    return asked;
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
    Optional<Secret> next = get(id).map(webhook -> Secret.random(webhook.signature()));
    return next.filter(secret -> rotate(id, secret)).map(Secret::shown);
  }

  private boolean rotate(String id, Secret next) {
    return change(id, (tx, row) -> WebhookTable.keys(tx, id, row.keys().rotated(next, now())));
  }

  @Override
  public String jobSecret() {
    return Shares.jobKeys(core, tenant()).current().text();
  }

  @Override
  public String rotateJobSecret() {
    Secret next = SharedSecret.random();
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
    Optional<Webhook> webhook = enabled(id);
    if (webhook.isEmpty()) {
      return Optional.empty();
    }
    String body = Notice.test(id, Instant.ofEpochMilli(now()));
    DeliveryTable.Parcel parcel = Informer.to(webhook.get(), Notice.TEST, Optional.empty());
    return find(write(tx -> Informer.send(core, tx, body, parcel)));
  }

  /// A webhook, unless there is none.
  ///
  /// @throws IllegalStateException if it is told of nothing
  private Optional<Webhook> enabled(String id) {
    Optional<Webhook> webhook = get(id);
    if (webhook.filter(found -> !found.enabled()).isPresent()) {
      throw new IllegalStateException("the webhook %s is disabled: enable it first".formatted(id));
    }
    return webhook;
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
    find(delivery).ifPresent(found -> resending.again(found.id(), found.state()));
    return find(delivery);
  }

  @Override
  public Optional<Replayed> replay(String id, WebhookReplay range) {
    return enabled(id).map(webhook -> resending.replay(webhook, range));
  }
}
