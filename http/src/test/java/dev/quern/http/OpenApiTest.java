package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.http.TestServer.Got;
import dev.quern.json.Json;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import dev.quern.json.JsonValue;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The description of the server says what the server does.
class OpenApiTest {
  @RegisterExtension final TestServer at = new TestServer();

  private JsonObject description() {
    return (JsonObject) Json.parse(at.get("/openapi.json").expect(200).body());
  }

  private static JsonObject member(JsonObject object, String name) {
    return (JsonObject) object.get(name).orElseThrow(() -> new AssertionError("no " + name));
  }

  private static Set<String> described(JsonObject description) {
    Set<String> described = new TreeSet<>();
    member(description, "paths")
        .members()
        .forEach((path, methods) ->
            ((JsonObject) methods)
                .members()
                .keySet()
                .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path)));
    return described;
  }

  private List<Route> routes() {
    return new Service(at.quern, new Exchanges(1, Duration.ofDays(1)), new Meter()).routes();
  }

  @Test
  void every_route_is_described_and_no_other() {
    Set<String> routes = new TreeSet<>();
    routes().forEach(route -> routes.add(route.method() + " " + route.path()));

    assertEquals(routes, described(description()));
  }

  @Test
  void what_is_open_to_all_is_described_as_such() {
    JsonObject paths = member(description(), "paths");
    for (Route route : routes()) {
      JsonObject operation =
          member(member(paths, route.path()), route.method().toLowerCase(Locale.ROOT));
      assertEquals(route.open(), operation.get("security").isPresent(), route.path());
      assertEquals(
          route.body() != Route.Body.NONE, operation.get("requestBody").isPresent(), route.path());
    }
  }

  /// A request to a route, its body, and what is asked for.
  private record Ask(String method, String template, String path, String body, int status) {}

  /// Calls of all routes, in an order in which each finds what it needs.
  private static List<Ask> asks() {
    String job = "{\"kind\": \"a\", \"payload\": [1], \"tags\": [\"t\"]}";
    return List.of(
        new Ask("POST", "/v1/jobs", "/v1/jobs", job, 201),
        new Ask("POST", "/v1/jobs", "/v1/jobs?wait=1", "{\"kind\": \"idle\"}", 202),
        new Ask("POST", "/v1/jobs", "/v1/jobs", "{\"kid\": \"a\"}", 422),
        new Ask("POST", "/v1/jobs:batch", "/v1/jobs:batch", "{\"jobs\": [" + job + "]}", 200),
        new Ask(
            "POST", "/v1/jobs:batch", "/v1/jobs:batch", "{\"atomic\": false, \"jobs\": [{}]}", 200),
        new Ask("POST", "/v1/jobs:stream", "/v1/jobs:stream", job.replace("\n", ""), 200),
        new Ask("POST", "/v1/jobs:retry", "/v1/jobs:retry", "{\"kind\": \"none\"}", 200),
        new Ask("GET", "/v1/jobs", "/v1/jobs?limit=2", "", 200),
        new Ask("GET", "/v1/jobs/{id}", "/v1/jobs/1", "", 200),
        new Ask("GET", "/v1/jobs", "/v1/jobs?fields=kind&q=state:ready,done%20-kind:b", "", 200),
        new Ask("GET", "/v1/jobs/{id}", "/v1/jobs/1?include=attempts&fields=kind", "", 200),
        new Ask("GET", "/v1/jobs/{id}", "/v1/jobs/99", "", 404),
        new Ask("PATCH", "/v1/jobs/{id}", "/v1/jobs/1", "{\"priority\": 1}", 200),
        new Ask("POST", "/v1/jobs/{id}:run-now", "/v1/jobs/1:run-now", "", 200),
        new Ask("POST", "/v1/jobs/{id}:clone", "/v1/jobs/1:clone", "", 201),
        new Ask("GET", "/v1/jobs/{id}/why", "/v1/jobs/1/why", "", 200),
        new Ask(
            "POST",
            "/v1/worker/claim",
            "/v1/worker/claim",
            "{\"worker\": \"w\", \"kinds\": [\"a\"], \"info\": {\"host\": \"h\", \"pid\": 7}}",
            200),
        new Ask(
            "POST",
            "/v1/worker/heartbeat",
            "/v1/worker/heartbeat",
            "{\"worker\": \"w\", \"leases\": [{\"id\": \"1\", \"lease\": \"lse_1-1-60000\","
                + " \"logs\": [\"x\"]}, {\"id\": \"9\", \"lease\": \"x\"}]}",
            200),
        new Ask("GET", "/v1/jobs/{id}/logs", "/v1/jobs/1/logs", "", 200),
        new Ask(
            "POST",
            "/v1/worker/ack",
            "/v1/worker/ack",
            "{\"worker\": \"w\", \"acks\": [{\"id\": \"1\", \"lease\": \"lse_1-1-60000\","
                + " \"outcome\": \"done\", \"result\": {\"a\": 1}}], \"claim\": {\"kinds\":"
                + " [\"a\"]}}",
            200),
        new Ask("GET", "/v1/jobs/{id}/result", "/v1/jobs/1/result", "", 200),
        new Ask("GET", "/v1/jobs/{id}/attempts", "/v1/jobs/1/attempts", "", 200),
        new Ask("GET", "/v1/jobs/{id}", "/v1/jobs/1?include=attempts,logs", "", 200),
        new Ask("POST", "/v1/jobs/{id}:retry", "/v1/jobs/1:retry", "{}", 200),
        new Ask("POST", "/v1/jobs/{id}:cancel", "/v1/jobs/1:cancel", "{\"reason\": \"x\"}", 200),
        new Ask("POST", "/v1/jobs/{id}:cancel", "/v1/jobs/5:cancel", "", 202),
        new Ask(
            "PUT",
            "/v1/jobs/{id}/artifacts/{name}",
            "/v1/jobs/2/artifacts/a%20b",
            "{\"a\": 1}",
            201),
        new Ask("GET", "/v1/jobs/{id}/artifacts", "/v1/jobs/2/artifacts", "", 200),
        new Ask("GET", "/v1/jobs/{id}/artifacts/{name}", "/v1/jobs/2/artifacts/nothing", "", 404),
        new Ask("DELETE", "/v1/jobs/{id}/artifacts/{name}", "/v1/jobs/2/artifacts/a%20b", "", 204),
        new Ask("DELETE", "/v1/jobs/{id}", "/v1/jobs/1", "", 204),
        new Ask("PUT", "/v1/kinds/{kind}", "/v1/kinds/a", "{\"timeoutSeconds\": 2.5}", 200),
        new Ask("POST", "/v1/kinds/{kind}:pause", "/v1/kinds/a:pause", "{\"reason\": \"x\"}", 200),
        new Ask("GET", "/v1/kinds/{kind}", "/v1/kinds/a", "", 200),
        new Ask("POST", "/v1/kinds/{kind}:resume", "/v1/kinds/a:resume", "", 200),
        new Ask("GET", "/v1/kinds", "/v1/kinds", "", 200),
        new Ask(
            "POST",
            "/v1/tenants",
            "/v1/tenants",
            "{\"id\": \"acme\", \"name\": \"A\", \"liveJobs\": 9}",
            201),
        new Ask("POST", "/v1/tenants", "/v1/tenants", "{\"id\": \"acme\"}", 409),
        new Ask("PUT", "/v1/tenants/{tenant}", "/v1/tenants/acme", "{\"liveJobs\": 10}", 200),
        new Ask("POST", "/v1/tenants/{tenant}:suspend", "/v1/tenants/acme:suspend", "", 200),
        new Ask("POST", "/v1/tenants/{tenant}:resume", "/v1/tenants/acme:resume", "", 200),
        new Ask("GET", "/v1/tenants/{tenant}", "/v1/tenants/acme", "", 200),
        new Ask("GET", "/v1/tenants", "/v1/tenants", "", 200),
        new Ask(
            "POST",
            "/v1/tokens",
            "/v1/tokens",
            "{\"name\": \"n\", \"permissions\": [\"jobs:read\"], \"tenant\": \"acme\","
                + " \"expiresInSeconds\": 60}",
            201),
        new Ask("GET", "/v1/tokens", "/v1/tokens", "", 200),
        new Ask("GET", "/v1/tokens/{token}", "/v1/tokens/none", "", 404),
        new Ask("DELETE", "/v1/tokens/{token}", "/v1/tokens/none", "", 404),
        new Ask("GET", "/v1/whoami", "/v1/whoami", "", 200),
        new Ask("GET", "/v1/workers", "/v1/workers", "", 200),
        new Ask("GET", "/v1/workers/{worker}", "/v1/workers/w", "", 200),
        new Ask("POST", "/v1/workers/{worker}:quiet", "/v1/workers/w:quiet", "", 200),
        new Ask("POST", "/v1/workers/{worker}:stop", "/v1/workers/nobody:stop", "", 404),
        new Ask("POST", "/v1/workers/{worker}:run", "/v1/workers/w:run", "{}", 200),
        new Ask(
            "POST",
            "/v1/webhooks",
            "/v1/webhooks",
            "{\"url\": \"https://example.com/hook\", \"states\": [\"failed\"], \"kinds\": [\"a\"]}",
            201),
        new Ask(
            "POST",
            "/v1/webhooks",
            "/v1/webhooks",
            "{\"url\": \"https://example.com/hook\", \"signature\": \"v1a\"}",
            201),
        new Ask("GET", "/v1/webhooks", "/v1/webhooks", "", 200),
        new Ask("GET", "/v1/webhooks/{webhook}", "/v1/webhooks/none", "", 404),
        new Ask(
            "PUT",
            "/v1/webhooks/{webhook}",
            "/v1/webhooks/none",
            "{\"url\": \"https://example.com/\"}",
            404),
        new Ask("POST", "/v1/webhooks/{webhook}:enable", "/v1/webhooks/none:enable", "", 404),
        new Ask("POST", "/v1/webhooks/{webhook}:disable", "/v1/webhooks/none:disable", "", 404),
        new Ask(
            "POST",
            "/v1/webhooks/{webhook}:rotate-secret",
            "/v1/webhooks/none:rotate-secret",
            "",
            404),
        new Ask("POST", "/v1/webhooks/{webhook}:test", "/v1/webhooks/none:test", "", 404),
        new Ask(
            "GET", "/v1/webhooks/{webhook}/deliveries", "/v1/webhooks/none/deliveries", "", 404),
        new Ask(
            "POST",
            "/v1/webhooks/{webhook}/deliveries/{delivery}:redeliver",
            "/v1/webhooks/none/deliveries/9:redeliver",
            "",
            404),
        new Ask(
            "POST",
            "/v1/webhooks/{webhook}:replay",
            "/v1/webhooks/none:replay",
            "{\"from\": \"2020-01-01T00:00:00Z\", \"limit\": 1}",
            404),
        new Ask("DELETE", "/v1/webhooks/{webhook}", "/v1/webhooks/none", "", 404),
        new Ask("GET", "/v1/jobs/{id}/deliveries", "/v1/jobs/2/deliveries", "", 200),
        new Ask("GET", "/v1/webhook-secret", "/v1/webhook-secret", "", 200),
        new Ask("POST", "/v1/webhook-secret:rotate", "/v1/webhook-secret:rotate", "", 200),
        new Ask("GET", "/v1/stats", "/v1/stats", "", 200),
        new Ask("GET", "/v1/stats/series", "/v1/stats/series?metric=enqueued", "", 200),
        new Ask("GET", "/v1/stats/series", "/v1/stats/series?metric=done&by=kind", "", 200),
        new Ask("GET", "/v1/stats/series", "/v1/stats/series?metric=odd", "", 422),
        new Ask("GET", "/v1/events", "/v1/events?topics=odd", "", 422),
        new Ask("GET", "/v1/events", "/v1/events", "", 200),
        new Ask("GET", "/v1/info", "/v1/info", "", 200),
        new Ask("GET", "/metrics", "/metrics", "", 200),
        new Ask("GET", "/livez", "/livez", "", 200),
        new Ask("GET", "/readyz", "/readyz", "", 200),
        new Ask("GET", "/healthz", "/healthz", "", 200),
        new Ask("GET", "/openapi.json", "/openapi.json", "", 200),
        new Ask("GET", "/problems/{name}", "/problems/validation", "", 200));
  }

  private Got send(Ask ask) {
    String type = ask.path().endsWith("stream") ? "application/x-ndjson" : "application/json";
    HttpRequest.Builder request =
        at.request(ask.path()).header("Accept", "application/json, application/problem+json");
    return at.send(
        ask.body().isEmpty()
            ? request.method(ask.method(), HttpRequest.BodyPublishers.noBody())
            : request
                .header("Content-Type", type)
                .method(ask.method(), HttpRequest.BodyPublishers.ofString(ask.body())));
  }

  @Test
  void every_answer_fits_its_description() {
    JsonObject description = description();
    Set<String> asked = new HashSet<>();
    for (Ask ask : asks()) {
      asked.add(ask.method() + " " + ask.template());
      Got got = send(ask).expect(ask.status());
      JsonObject operation =
          member(
              member(member(description, "paths"), ask.template()),
              ask.method().toLowerCase(Locale.ROOT));
      assertEquals(List.of(), misfits(description, operation, got), ask.toString() + got.body());
    }
    assertEquals(described(description), new TreeSet<>(asked), "each route is called");
  }

  private static List<String> misfits(JsonObject description, JsonObject operation, Got got) {
    JsonObject responses = member(operation, "responses");
    JsonObject response =
        (JsonObject)
            responses
                .get(Integer.toString(got.status()))
                .orElseGet(() -> responses.get("default").orElseThrow());
    if (got.status() == 204) {
      return response.get("content").isPresent() ? List.of("204 has content") : List.of();
    }
    String type = got.header("Content-Type").split(";")[0];
    JsonObject schema = member(member(member(response, "content"), type), "schema");
    return type.endsWith("/json") || type.endsWith("+json")
        ? new Schema(description).misfits(schema, Json.parse(got.body()))
        : List.of();
  }

  @Test
  void every_request_that_is_taken_fits_its_description() {
    JsonObject description = description();
    for (Ask ask : asks()) {
      if (!ask.body().isEmpty() && ask.status() < 300) {
        JsonObject operation =
            member(
                member(member(description, "paths"), ask.template()),
                ask.method().toLowerCase(Locale.ROOT));
        JsonObject content = member(member(operation, "requestBody"), "content");
        JsonObject schema =
            member((JsonObject) content.members().values().iterator().next(), "schema");
        boolean json = content.get("*/*").isEmpty();
        if (json && !ask.body().contains("[{}]")) {
          assertEquals(
              List.of(),
              new Schema(description).misfits(schema, Json.parse(ask.body())),
              ask.body());
        }
      }
    }
  }

  @Test
  void the_check_finds_what_does_not_fit() {
    JsonObject description = description();
    JsonObject job =
        new JsonObject(java.util.Map.of("$ref", new JsonString("#/components/schemas/Job")));
    List<JsonValue> wrong = new ArrayList<>();
    String right = at.get("/v1/jobs/" + at.enqueue("{\"kind\": \"a\"}")).body();
    wrong.add(Json.parse(right.replace("\"kind\"", "\"kine\"")));
    wrong.add(Json.parse(right.replace("\"ready\"", "\"odd\"")));
    wrong.add(Json.parse(right.replace("\"priority\":100", "\"priority\":\"100\"")));

    assertTrue(new Schema(description).misfits(job, Json.parse(right)).isEmpty());
    for (JsonValue value : wrong) {
      assertFalse(new Schema(description).misfits(job, value).isEmpty(), Json.write(value));
    }
  }
}
