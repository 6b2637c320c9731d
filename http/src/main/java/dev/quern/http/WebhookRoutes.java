package dev.quern.http;

import dev.quern.IssuedWebhook;
import dev.quern.NewWebhook;
import dev.quern.Permission;
import dev.quern.Replayed;
import dev.quern.Webhook;
import dev.quern.WebhookDelivery;
import dev.quern.WebhookReplay;
import dev.quern.Webhooks;
import dev.quern.wire.WebhookJson;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Webhooks and their deliveries.
final class WebhookRoutes {
  private static final String ONE = "/v1/webhooks/{webhook}";
  private static final int USUAL_LIMIT = 100;

  List<Route> routes() {
    Stream<Route> looks =
        Stream.of(
                Route.get("/v1/webhooks", this::list),
                Route.get(ONE, this::get),
                Route.get(ONE + "/deliveries", this::deliveries),
                Route.get("/v1/jobs/{id}/deliveries", this::deliveriesOfJob))
            .map(route -> route.needing(Permission.JOBS_READ, Permission.WEBHOOKS_WRITE));
    return Stream.concat(looks, changes()).toList();
  }

  private Stream<Route> changes() {
    return Stream.of(
            Route.post("/v1/webhooks", Route.Body.JSON, this::create),
            Route.put(ONE, Route.Body.JSON, this::put),
            Route.delete(ONE, this::delete),
            Route.post(ONE + ":enable", Route.Body.PERHAPS, this::enable),
            Route.post(ONE + ":disable", Route.Body.PERHAPS, this::disable),
            Route.post(ONE + ":rotate-secret", Route.Body.PERHAPS, this::rotate),
            Route.post(ONE + ":test", Route.Body.PERHAPS, this::test),
            Route.post(
                ONE + "/deliveries/{delivery}:redeliver", Route.Body.PERHAPS, this::redeliver),
            Route.post(ONE + ":replay", Route.Body.JSON, this::replay),
            Route.get("/v1/webhook-secret", this::jobSecret),
            Route.post("/v1/webhook-secret:rotate", Route.Body.PERHAPS, this::rotateJobSecret))
        .map(route -> route.needing(Permission.WEBHOOKS_WRITE));
  }

  private static Webhooks webhooks(Call call) {
    return call.view().webhooks();
  }

  private static String id(Call call) {
    return call.name("webhook");
  }

  private static Problem none() {
    return Problem.of(Fault.NOT_FOUND, "there is no such webhook");
  }

  private static Answer shown(Optional<Webhook> webhook) {
    Webhook found = webhook.orElseThrow(WebhookRoutes::none);
    return Answer.json(json -> WebhookJson.write(json, found));
  }

  private static void nothing(Call call) {
    call.query().end();
    call.fields().end();
  }

  // ---- webhooks

  private Answer list(Call call) {
    call.query().end();
    return Answer.list(webhooks(call).list(), WebhookJson::write);
  }

  private Answer get(Call call) {
    call.query().end();
    return shown(webhooks(call).get(id(call)));
  }

  private Answer create(Call call) {
    call.query().end();
    Webhooks webhooks = webhooks(call);
    NewWebhook asked = WebhookInput.created(call.fields(), webhooks::check);
    IssuedWebhook issued = Problem.checked("/secret", () -> refused(() -> webhooks.create(asked)));
    return Answer.json(201, json -> WebhookJson.write(json, issued))
        .with("Location", "/v1/webhooks/" + issued.webhook().id());
  }

  /// What the state of things does not allow.
  private static <T> T refused(Supplier<T> call) {
    try {
      return call.get();
    } catch (IllegalStateException refusal) {
      throw Problem.of(Fault.INVALID_STATE, refusal.getMessage());
    }
  }

  /// Sets all but what signs: what is left out has its default.
  private Answer put(Call call) {
    call.query().end();
    NewWebhook changed = WebhookInput.changed(call.fields());
    return shown(
        Problem.checked(
            "/url",
            () -> webhooks(call).update(id(call), old -> changed.signature(old.signature()))));
  }

  private Answer delete(Call call) {
    call.query().end();
    if (!webhooks(call).delete(id(call))) {
      throw none();
    }
    return Answer.NO_CONTENT;
  }

  private Answer enable(Call call) {
    nothing(call);
    webhooks(call).enable(id(call));
    return shown(webhooks(call).get(id(call)));
  }

  private Answer disable(Call call) {
    call.query().end();
    Fields fields = call.fields();
    String reason = fields.text("reason").orElse("asked for over HTTP");
    fields.end();
    webhooks(call).disable(id(call), reason);
    return shown(webhooks(call).get(id(call)));
  }

  // ---- secrets

  private Answer rotate(Call call) {
    nothing(call);
    return secret(webhooks(call).rotateSecret(id(call)).orElseThrow(WebhookRoutes::none));
  }

  private Answer jobSecret(Call call) {
    call.query().end();
    return secret(webhooks(call).jobSecret());
  }

  private Answer rotateJobSecret(Call call) {
    nothing(call);
    return secret(webhooks(call).rotateJobSecret());
  }

  private static Answer secret(String secret) {
    return Answer.json(json -> json.beginObject().name("secret").value(secret).endObject());
  }

  // ---- deliveries

  private Answer test(Call call) {
    nothing(call);
    WebhookDelivery delivery =
        refused(() -> webhooks(call).test(id(call))).orElseThrow(WebhookRoutes::none);
    return Answer.json(202, json -> WebhookJson.write(json, delivery));
  }

  private Answer deliveries(Call call) {
    int limit = limit(call);
    webhooks(call).get(id(call)).orElseThrow(WebhookRoutes::none);
    return all(Problem.checked("limit", () -> webhooks(call).deliveries(id(call), limit)));
  }

  private Answer deliveriesOfJob(Call call) {
    int limit = limit(call);
    long job = call.job().id();
    return all(Problem.checked("limit", () -> webhooks(call).deliveriesOf(job, limit)));
  }

  private static int limit(Call call) {
    int limit = call.query().whole("limit").orElse(USUAL_LIMIT);
    call.query().end();
    return limit;
  }

  private static Answer all(List<WebhookDelivery> deliveries) {
    return Answer.list(deliveries, WebhookJson::write);
  }

  private Answer redeliver(Call call) {
    nothing(call);
    Problem absent = Problem.of(Fault.NOT_FOUND, "there is no such delivery");
    webhooks(call).get(id(call)).orElseThrow(WebhookRoutes::none);
    WebhookDelivery delivery =
        webhooks(call).redeliver(number(call, absent)).orElseThrow(() -> absent);
    return Answer.json(202, json -> WebhookJson.write(json, delivery));
  }

  private Answer replay(Call call) {
    call.query().end();
    WebhookReplay range = WebhookInput.replay(call.fields());
    Replayed replayed =
        Problem.checked("/from", () -> refused(() -> webhooks(call).replay(id(call), range)))
            .orElseThrow(WebhookRoutes::none);
    return Answer.json(202, json -> WebhookJson.write(json, replayed));
  }

  private static long number(Call call, Problem absent) {
    try {
      return Call.id(call.name("delivery"));
    } catch (Problem _) {
      throw absent;
    }
  }
}
