package dev.quern.http;

import static dev.quern.Worker.About.NOTHING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.quern.ClaimRequest;
import dev.quern.Lease;
import dev.quern.NewArtifact;
import dev.quern.NewJob;
import dev.quern.NewToken;
import dev.quern.NewWebhook;
import dev.quern.Permission;
import dev.quern.Tenancy;
import dev.quern.Token;
import dev.quern.WorkerReport;
import dev.quern.http.TestServer.Got;
import dev.quern.support.Finding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Every route, called with every token: none, wrong ones, one of each permission of the operator
/// and of two tenants. The routes are read from the server, so that one which is new is not
/// forgotten.
class AuthorisationTest {
  private static final String ACME = "acme";
  private static final String OTHER = "other";
  private static final String SECRET = "the secret of acme";

  /// Who may call a route, as it should be.
  ///
  /// @param permissions of which one is enough; `admin` always is
  /// @param whole whether a tenant's token is not enough
  /// @param body what is sent
  private record Rule(Set<Permission> permissions, boolean whole, String body) {}

  private static final Map<String, Rule> RULES = new TreeMap<>();

  private static void rule(String route, String body, Permission... permissions) {
    RULES.put(route, new Rule(Set.of(permissions), false, body));
  }

  private static void whole(String route, String body, Permission... permissions) {
    RULES.put(route, new Rule(Set.of(permissions), true, body));
  }

  static {
    String leases = "[{\"id\": \"ID\", \"lease\": \"lse_ID-1-60000\"";
    rule("POST /v1/jobs", "{\"kind\": \"a\"}", Permission.JOBS_WRITE);
    rule("POST /v1/jobs:batch", "{\"jobs\": []}", Permission.JOBS_WRITE);
    rule("POST /v1/jobs:stream", "{\"kind\": \"a\"}", Permission.JOBS_WRITE);
    rule("POST /v1/jobs:retry", "", Permission.JOBS_WRITE);
    rule("GET /v1/jobs", "", Permission.JOBS_READ);
    rule("GET /v1/jobs/{id}", "", Permission.JOBS_READ);
    rule("GET /v1/jobs/{id}/result", "", Permission.JOBS_READ);
    rule("GET /v1/jobs/{id}/why", "", Permission.JOBS_READ);
    rule("GET /v1/jobs/{id}/attempts", "", Permission.JOBS_READ);
    rule("GET /v1/jobs/{id}/logs", "", Permission.JOBS_READ);
    rule("PATCH /v1/jobs/{id}", "{\"priority\": 1}", Permission.JOBS_WRITE);
    rule("DELETE /v1/jobs/{id}", "", Permission.JOBS_WRITE);
    rule("POST /v1/jobs/{id}:retry", "", Permission.JOBS_WRITE);
    rule("POST /v1/jobs/{id}:run-now", "", Permission.JOBS_WRITE);
    rule("POST /v1/jobs/{id}:cancel", "", Permission.JOBS_WRITE);
    rule("POST /v1/jobs/{id}:clone", "", Permission.JOBS_WRITE);
    rule("GET /v1/jobs/{id}/artifacts", "", Permission.JOBS_READ, Permission.ARTIFACTS_READ);
    rule("GET /v1/jobs/{id}/artifacts/{name}", "", Permission.ARTIFACTS_READ);
    rule("PUT /v1/jobs/{id}/artifacts/{name}", "x", Permission.ARTIFACTS_WRITE, Permission.WORKER);
    rule("DELETE /v1/jobs/{id}/artifacts/{name}", "", Permission.ARTIFACTS_WRITE);
    rule("GET /v1/kinds", "", Permission.JOBS_READ);
    rule("GET /v1/kinds/{kind}", "", Permission.JOBS_READ);
    whole("PUT /v1/kinds/{kind}", "{}", Permission.KINDS_WRITE);
    whole("POST /v1/kinds/{kind}:pause", "", Permission.KINDS_WRITE);
    whole("POST /v1/kinds/{kind}:resume", "", Permission.KINDS_WRITE);
    rule("POST /v1/worker/claim", "{\"worker\": \"w\", \"kinds\": [\"b\"]}", Permission.WORKER);
    rule(
        "POST /v1/worker/heartbeat",
        "{\"worker\": \"w\", \"leases\": " + leases + "}]}",
        Permission.WORKER);
    rule(
        "POST /v1/worker/ack",
        "{\"worker\": \"w\", \"acks\": " + leases + ", \"outcome\": \"done\"}]}",
        Permission.WORKER);
    rule("GET /v1/workers", "", Permission.JOBS_READ);
    rule("GET /v1/workers/{worker}", "", Permission.JOBS_READ);
    rule("POST /v1/workers/{worker}:run", "");
    rule("POST /v1/workers/{worker}:quiet", "");
    rule("POST /v1/workers/{worker}:stop", "");
    Permission hooks = Permission.WEBHOOKS_WRITE;
    rule("GET /v1/webhooks", "", hooks, Permission.JOBS_READ);
    rule("POST /v1/webhooks", "{}", hooks);
    rule("GET /v1/webhooks/{webhook}", "", hooks, Permission.JOBS_READ);
    rule("PUT /v1/webhooks/{webhook}", "{\"url\": \"https://example.com/\"}", hooks);
    rule("DELETE /v1/webhooks/{webhook}", "", hooks);
    rule("POST /v1/webhooks/{webhook}:enable", "", hooks);
    rule("POST /v1/webhooks/{webhook}:disable", "", hooks);
    rule("POST /v1/webhooks/{webhook}:rotate-secret", "", hooks);
    rule("POST /v1/webhooks/{webhook}:test", "", hooks);
    rule("GET /v1/webhooks/{webhook}/deliveries", "", hooks, Permission.JOBS_READ);
    rule("POST /v1/webhooks/{webhook}/deliveries/{delivery}:redeliver", "", hooks);
    rule("POST /v1/webhooks/{webhook}:replay", "{\"from\": \"2020-01-01T00:00:00Z\"}", hooks);
    rule("GET /v1/jobs/{id}/deliveries", "", hooks, Permission.JOBS_READ);
    rule("GET /v1/webhook-secret", "", hooks);
    rule("POST /v1/webhook-secret:rotate", "", hooks);
    rule("GET /v1/tokens", "");
    rule("POST /v1/tokens", "{\"name\": \"n\", \"permissions\": [\"worker\"]}");
    rule("GET /v1/tokens/{token}", "");
    rule("DELETE /v1/tokens/{token}", "");
    whole("GET /v1/tenants", "");
    whole("POST /v1/tenants", "{\"id\": \"third\"}");
    whole("GET /v1/tenants/{tenant}", "");
    whole("PUT /v1/tenants/{tenant}", "{}");
    whole("POST /v1/tenants/{tenant}:suspend", "");
    whole("POST /v1/tenants/{tenant}:resume", "");
    rule("GET /v1/stats", "", Permission.JOBS_READ);
    rule("GET /v1/stats/series", "", Permission.JOBS_READ);
    rule("GET /v1/events", "", Permission.JOBS_READ);
    whole("GET /metrics", "", Permission.JOBS_READ);
    rule("GET /v1/whoami", "", Permission.values());
    rule("GET /v1/info", "", Permission.values());
  }

  private static final Set<String> OPEN =
      Set.of(
          "GET /livez", "GET /readyz", "GET /healthz", "GET /openapi.json", "GET /problems/{name}");

  @RegisterExtension
  final TestServer at = new TestServer(ServerConfig.DEFAULT.token("not-shown-by-any-caller"));

  private final Map<String, Map<Permission, String>> tokens = new TreeMap<>();
  private int targets;
  private int port;

  @BeforeEach
  void issue() {
    port = at.port();
    for (String tenant : List.of(ACME, OTHER)) {
      at.quern.access().tenants().create(tenant, policy -> policy);
    }
    for (String tenant : List.of("", ACME, OTHER)) {
      Map<Permission, String> each = new EnumMap<>(Permission.class);
      for (Permission permission : Permission.values()) {
        each.put(permission, issue(tenant, permission));
      }
      tokens.put(tenant, each);
    }
  }

  private String issue(String tenant, Permission permission) {
    NewToken token = NewToken.of(tenant + permission, permission);
    return at.quern.access().tokens().issue(tenant.isEmpty() ? token : token.tenant(tenant)).text();
  }

  private List<String> routes() {
    return new Service(at.quern, new Exchanges(1, Duration.ofDays(1)), new Meter())
        .routes().stream().map(route -> route.method() + " " + route.path()).toList();
  }

  // ---- calls

  /// A job of acme that runs, with an artifact; and a token of acme.
  private record Target(
      String job, String kind, String token, String webhook, String delivery, String worker) {
    String in(String text) {
      return text.replace("ID", job)
          .replace("{id}", job)
          .replace("{name}", text.contains("/problems/") ? "syntax" : "log")
          .replace("{kind}", kind)
          .replace("{token}", token)
          .replace("{webhook}", webhook)
          .replace("{delivery}", delivery)
          .replace("{worker}", worker)
          .replace("{tenant}", ACME);
    }
  }

  private static final Target ABSENT =
      new Target("999999", "absent", "none", "none", "999998", "nobody");

  private Target target() throws IOException {
    at.quern.access().tenants().update(ACME, policy -> policy.suspended(false));
    Tenancy acme = at.quern.tenant(ACME);
    String kind = "kind" + ++targets;
    long id = acme.enqueue(NewJob.json(kind, "\"" + SECRET + "\"")).id();
    Lease lease = acme.claim(ClaimRequest.of(kind)).getFirst();
    lease
        .attach(NewArtifact.of("log", "text/plain"), new ByteArrayInputStream(SECRET.getBytes()))
        .orElseThrow();
    assertEquals(id, lease.jobId());
    Token token =
        at.quern
            .access()
            .tokens()
            .issue(NewToken.of("target of acme", Permission.WORKER).tenant(ACME))
            .token();
    acme.webhooks().list().forEach(webhook -> acme.webhooks().delete(webhook.id()));
    String webhook = acme.webhooks().create(NewWebhook.of("https://example.com/")).webhook().id();
    long delivery = acme.webhooks().test(webhook).orElseThrow().id();
    String worker = "worker" + targets;
    acme.workers()
        .report(new WorkerReport(worker, Set.of(kind), Set.of(), NOTHING, Duration.ofHours(1)));
    at.quern.enqueue(NewJob.json("written", "1"));
    return new Target(
        Long.toString(id), kind, token.id(), webhook, Long.toString(delivery), worker);
  }

  private Got call(String route, String token, Target target) {
    // A stream would not end.
    String asked = route.endsWith("/events") ? route + "?topics=odd" : route;
    String[] words = target.in(asked).split(" ");
    String body = RULES.containsKey(route) ? target.in(RULES.get(route).body()) : "";
    String type = route.endsWith(":stream") ? "application/x-ndjson" : "application/json";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + words[1]))
            .timeout(TestServer.PATIENCE)
            .header("Content-Type", type);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (route.startsWith("PUT /v1/jobs")) {
      request.header("Lease", "lse_" + target.job() + "-1-60000");
    }
    return at.send(request.method(words[0], HttpRequest.BodyPublishers.ofString(body)));
  }

  // ---- the matrix

  @Test
  void every_route_has_its_rule() {
    Set<String> ruled = new TreeSet<>(RULES.keySet());
    ruled.addAll(OPEN);

    assertEquals(ruled, new TreeSet<>(routes()));
  }

  @Test
  void without_a_valid_token_only_the_open_routes_answer() throws IOException {
    var access = at.quern.access().tokens();
    var gone = access.issue(NewToken.of("gone", Permission.ADMIN));
    access.revoke(gone.token().id());
    var old = NewToken.of("old", Permission.ADMIN).expiresAt(Instant.now().minusSeconds(1));
    String right = tokens.get("").get(Permission.ADMIN);
    String wrong = right.substring(0, right.length() - 20) + "A".repeat(20);
    Target target = target();

    for (String token : List.of("", "x", wrong, gone.text(), access.issue(old).text())) {
      for (String route : routes()) {
        int status = call(route, token, target).status();
        assertEquals(OPEN.contains(route) ? 200 : 401, status, route);
      }
    }
  }

  @Test
  void a_token_opens_the_routes_of_its_permission_and_of_its_tenant_and_no_others()
      throws IOException {
    long startedAt = System.nanoTime();
    List<String> faults = faults(RULES.keySet());
    int calls = RULES.size() * tokens.size() * Permission.values().length;

    assertEquals(List.of(), faults);
    new Finding(
            "AuthorisationTest",
            "every route with every permission of the operator and of two tenants",
            0,
            calls + " calls",
            Finding.Verdict.CLEAN,
            "none",
            withoutRules())
        .tell(startedAt);
  }

  private List<String> faults(Set<String> routes) throws IOException {
    List<String> faults = new ArrayList<>();
    for (String route : routes) {
      Target target = target();
      for (String tenant : tokens.keySet()) {
        for (Permission permission : Permission.values()) {
          Got got = call(route, tokens.get(tenant).get(permission), target);
          fault(route, tenant, permission, got).ifPresent(faults::add);
          // Whoever may has changed it.
          target = got.status() < 400 && !route.startsWith("GET") ? target() : target;
        }
      }
    }
    return faults;
  }

  /// The same server with routes that every token opens.
  private String withoutRules() throws IOException {
    HttpServer open = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    try (Exchanges exchanges = new Exchanges(1_000, ServerConfig.DEFAULT.headerDeadline())) {
      ServerConfig config = ServerConfig.DEFAULT.requireToken();
      Meter meter = new Meter();
      List<Route> routes =
          new Service(at.quern, exchanges, meter).routes().stream().map(Route::needing).toList();
      Gate gate =
          new Gate(_ -> {}, new Callers(at.quern, config), new Router(routes), meter, config);
      open.createContext("/", gate);
      open.setExecutor(exchanges);
      open.start();
      port = open.getAddress().getPort();
      List<String> faults =
          faults(Set.of("GET /v1/jobs", "PUT /v1/kinds/{kind}", "GET /v1/tokens"));
      assertTrue(faults.size() > 20, "routes without rules are not noticed");
      return "without the rules of routes %d of 72 calls differ".formatted(faults.size());
    } finally {
      port = at.port();
      open.stop(0);
    }
  }

  private static Optional<String> fault(
      String route, String tenant, Permission permission, Got got) {
    Rule rule = RULES.get(route);
    boolean may =
        (rule.permissions().contains(permission) || permission == Permission.ADMIN)
            && !(rule.whole() && !tenant.isEmpty());
    boolean right =
        may
            ? got.status() < 500
                && got.status() != 401
                && got.status() != 403
                && (tenant.equals(OTHER) || got.status() != 404)
            : got.status() == 403;
    boolean leaks = (tenant.equals(OTHER) || !may) && got.body().contains(SECRET);
    return right && !leaks
        ? Optional.empty()
        : Optional.of(
            "%s by %s of \"%s\": %d %s"
                .formatted(route, permission, tenant, got.status(), got.body()));
  }

  @Test
  void to_another_tenant_what_is_there_looks_like_what_is_not() throws IOException {
    String other = tokens.get(OTHER).get(Permission.ADMIN);
    String own = tokens.get(ACME).get(Permission.ADMIN);
    for (String route : RULES.keySet()) {
      boolean ofOne = route.contains("{") || route.contains("heartbeat") || route.contains("ack");
      if (RULES.get(route).whole() || !ofOne) {
        continue;
      }
      Target target = target();
      Got seen = call(route, other, target);

      assertEquals(told(call(route, other, ABSENT), ABSENT), told(seen, target), route);
      assertNotEquals(told(seen, target), told(call(route, own, target), target), route);
    }
  }

  private static String told(Got got, Target target) {
    return got.status()
        + got.body()
            .replaceAll("\\b" + target.job() + "\\b", "ID")
            .replace(target.kind(), "KIND")
            .replace(target.token(), "TOKEN")
            .replace(target.webhook(), "WEBHOOK")
            .replace(target.worker(), "WORKER");
  }

  // ---- looking through the eyes of a tenant

  @Test
  void an_operator_may_act_as_a_tenant_and_is_bound_to_it() throws IOException {
    Target target = target();
    String all = tokens.get("").get(Permission.ADMIN);

    as(all, ACME, "/v1/jobs/" + target.job()).expect(200);
    as(all, OTHER, "/v1/jobs/" + target.job()).refused(404, "not-found");
    as(all, "nobody", "/v1/jobs").refused(404, "not-found");
    as(all, ACME, "/v1/tenants").refused(403, "forbidden");
  }

  @Test
  void a_tenant_cannot_act_as_another() throws IOException {
    Target target = target();
    String other = tokens.get(OTHER).get(Permission.ADMIN);

    as(other, OTHER, "/v1/jobs").expect(200);
    as(other, ACME, "/v1/jobs/" + target.job()).refused(404, "not-found");
    assertEquals(
        as(other, ACME, "/v1/jobs").body().replace(ACME, ""),
        as(other, "nobody", "/v1/jobs").body().replace("nobody", ""));
  }

  private Got as(String token, String tenant, String path) {
    return at.send(
        at.request(path).header("Authorization", "Bearer " + token).header("Quern-Tenant", tenant));
  }
}
