package dev.quern.wire;

import dev.quern.IssuedWebhook;
import dev.quern.JobState;
import dev.quern.Replayed;
import dev.quern.Webhook;
import dev.quern.WebhookDelivery;
import dev.quern.json.JsonWriter;
import java.util.Optional;

/// Webhooks in JSON.
public final class WebhookJson {
  private WebhookJson() {}

  /// A webhook as one object, without its secret.
  public static void write(JsonWriter json, Webhook webhook) {
    json.beginObject();
    members(new Members(json), webhook);
    json.endObject();
  }

  /// A webhook that has just been created, as one object, with what its receiver verifies with: a
  /// secret is there this once.
  public static void write(JsonWriter json, IssuedWebhook issued) {
    json.beginObject();
    members(new Members(json).text("secret", issued.secret()), issued.webhook());
    json.endObject();
  }

  private static void members(Members members, Webhook webhook) {
    members
        .text("id", webhook.id())
        .text("tenant", Optional.of(webhook.tenant()).filter(tenant -> !tenant.isEmpty()))
        .text("url", webhook.url())
        .texts("states", webhook.states().stream().map(JobState::label).sorted().toList())
        .texts("kinds", webhook.kinds().stream().sorted().toList())
        .text("description", webhook.description())
        .text("signature", webhook.signature().label())
        .text("publicKey", webhook.publicKey())
        .time("createdAt", webhook.createdAt())
        .time("failingSince", webhook.failingSince())
        .time("disabledAt", webhook.disabledAt())
        .text("disabledReason", webhook.disabledReason());
  }

  /// What a replay did, as one object.
  public static void write(JsonWriter json, Replayed replayed) {
    json.beginObject();
    new Members(json)
        .number("sent", replayed.sent())
        .text("next", replayed.next().map(String::valueOf));
    json.endObject();
  }

  /// A delivery as one object.
  public static void write(JsonWriter json, WebhookDelivery delivery) {
    json.beginObject();
    Members members =
        new Members(json)
            .id("id", delivery.id())
            .text("webhook", delivery.webhook())
            .text("job", delivery.job().map(String::valueOf))
            .text("event", delivery.event())
            .text("state", delivery.state().label())
            .number("attempts", delivery.attempts())
            .number("responseCode", delivery.responseCode())
            .time("createdAt", delivery.createdAt())
            .time("availableAt", delivery.availableAt())
            .time("endedAt", delivery.endedAt());
    JobJson.failure(members, delivery.failure());
    json.endObject();
  }
}
