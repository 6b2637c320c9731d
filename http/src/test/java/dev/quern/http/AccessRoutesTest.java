package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.NewToken;
import dev.quern.Permission;
import dev.quern.http.TestServer.Got;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRoutesTest {
  @RegisterExtension final TestServer at = new TestServer();

  private String issue(String json) {
    return at.post("/v1/tokens", json).expect(201).at("token");
  }

  // ---- tokens

  @Test
  void a_token_is_shown_once_and_works_until_it_is_revoked() {
    Got issued =
        at.post("/v1/tokens", "{\"name\": \"web\", \"permissions\": [\"jobs:read\"]}").expect(201);
    String secret = issued.at("token");
    String id = issued.at("id");

    at.showing(secret).get("/v1/jobs").expect(200);
    at.showing(secret).post("/v1/jobs", "{\"kind\": \"a\"}").refused(403, "forbidden");
    at.showing("");
    assertFalse(at.get("/v1/tokens").body().contains(secret));
    assertFalse(at.get("/v1/tokens/" + id).expect(200).body().contains(secret));

    at.call("DELETE", "/v1/tokens/" + id).expect(204);
    at.call("DELETE", "/v1/tokens/" + id).expect(204);
    at.showing(secret).get("/v1/jobs").refused(401, "unauthorized");
  }

  @Test
  void where_no_token_is_needed_a_wrong_one_is_still_refused() {
    at.get("/v1/jobs").expect(200);
    at.showing("nonsense").get("/v1/jobs").refused(401, "unauthorized");
    for (String header : java.util.List.of("Bearer", "Bearer ", "bearer  ")) {
      at.showing("").send(at.request("/v1/jobs").header("Authorization", header)).expect(200);
    }
    for (String header : java.util.List.of("Bearerx", "Basic", "Basic eDp5")) {
      at.send(at.request("/v1/jobs").header("Authorization", header)).refused(401, "unauthorized");
    }
  }

  @Test
  void a_token_may_end_by_itself() {
    Got issued =
        at.post(
                "/v1/tokens",
                "{\"name\": \"n\", \"permissions\": [\"admin\"], \"expiresInSeconds\": 3600}")
            .expect(201);

    Instant end = Instant.parse(issued.at("expiresAt"));
    assertTrue(end.isAfter(Instant.now().plusSeconds(3_500)), end.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'permissions': ['admin']}|/name",
        "{'name': 'n'}|/permissions",
        "{'name': 'n', 'permissions': ['jobs:fly']}|/permissions",
        "{'name': 'n', 'permissions': [], 'tenant': 'nobody'}|''",
        "{'name': 'n', 'permissions': ['admin'], 'tenant': 'nobody'}|''",
        "{'name': 'n', 'permissions': ['admin'], 'colour': 1}|/colour",
        "{'name': 'n', 'permissions': ['admin'], 'expiresInSeconds': 1, 'expiresAt':"
            + " '2030-01-01T00:00:00Z'}|/expiresAt",
      })
  void a_token_that_makes_no_sense_is_refused(String json, String pointer) {
    Got refused = at.post("/v1/tokens", json.replace('\'', '"')).refused(422, "validation");

    assertEquals(pointer.replace("''", ""), refused.at("errors/0/pointer"));
  }

  @Test
  void a_tenants_administrator_has_to_do_with_its_own_tokens_alone() {
    at.post("/v1/tenants", "{\"id\": \"acme\"}").expect(201);
    issue("{\"name\": \"root\", \"permissions\": [\"admin\"]}");
    String admin =
        issue("{\"name\": \"admin\", \"permissions\": [\"admin\"], \"tenant\": \"acme\"}");
    at.showing(admin);

    Got own = at.post("/v1/tokens", "{\"name\": \"w\", \"permissions\": [\"worker\"]}").expect(201);
    assertEquals("acme", own.at("tenant"));
    at.post("/v1/tokens", "{\"name\": \"w\", \"permissions\": [\"worker\"], \"tenant\": \"other\"}")
        .refused(422, "validation");
    assertFalse(at.get("/v1/tokens").body().contains("root"));
  }

  @Test
  void a_caller_can_ask_who_it_is() {
    at.post("/v1/tenants", "{\"id\": \"acme\", \"liveJobs\": 5}").expect(201);
    String worker = issue("{\"name\": \"w\", \"permissions\": [\"worker\"], \"tenant\": \"acme\"}");
    assertEquals("null", at.get("/v1/whoami").at("token"));

    Got who = at.showing(worker).get("/v1/whoami").expect(200);
    assertEquals("worker", who.at("permissions/0"));
    assertEquals("5", who.at("tenant/liveJobs"));
    assertEquals("0", who.at("tenant/usage/liveJobs"));
  }

  // ---- tenants

  @Test
  void a_tenant_has_room_for_what_its_quota_says() {
    at.post("/v1/tenants", "{\"id\": \"acme\", \"liveJobs\": 2}").expect(201);
    String writer =
        issue("{\"name\": \"n\", \"permissions\": [\"jobs:write\"], \"tenant\": \"acme\"}");
    at.showing(writer);

    at.enqueue("{\"kind\": \"a\"}");
    Got batch =
        at.post(
                "/v1/jobs:batch",
                "{\"atomic\": false, \"jobs\": [{\"kind\": \"a\"}, {\"kind\": \"a\"}]}")
            .expect(200);
    assertEquals("true", batch.at("jobs/0/isNew"));
    assertEquals("/problems/quota-exceeded", batch.at("jobs/1/problem/type"));
    Got refused = at.post("/v1/jobs", "{\"kind\": \"a\"}").refused(429, "quota-exceeded");
    assertEquals("1", refused.header("Retry-After"));

    at.showing("").call("PUT", "/v1/tenants/acme", "{\"liveJobs\": 3}").expect(200);
    at.showing(writer).enqueue("{\"kind\": \"a\"}");
    assertEquals("3", at.showing("").get("/v1/tenants/acme").at("usage/liveJobs"));
  }

  @Test
  void a_suspended_tenant_enqueues_nothing_until_it_is_resumed() {
    at.post("/v1/tenants", "{\"id\": \"acme\", \"liveJobs\": 9}").expect(201);
    String writer =
        issue("{\"name\": \"n\", \"permissions\": [\"jobs:write\"], \"tenant\": \"acme\"}");

    Got suspended = at.post("/v1/tenants/acme:suspend", "{}").expect(200);
    assertEquals("true", suspended.at("suspended"));
    assertEquals("9", suspended.at("liveJobs"));
    at.showing(writer).post("/v1/jobs", "{\"kind\": \"a\"}").refused(403, "forbidden");
    at.showing("").post("/v1/tenants/acme:resume", "{}").expect(200);
    at.showing(writer).enqueue("{\"kind\": \"a\"}");
  }

  @Test
  void a_tenant_is_created_once() {
    at.post("/v1/tenants", "{\"id\": \"acme\"}").expect(201);
    at.post("/v1/tenants", "{\"id\": \"acme\"}").refused(409, "exists");
    at.post("/v1/tenants", "{\"id\": \"A B\"}").refused(422, "validation");
    at.post("/v1/tenants", "{\"id\": \"b\", \"liveJobs\": -1}").refused(422, "validation");
    at.get("/v1/tenants/nobody").refused(404, "not-found");
    at.call("PUT", "/v1/tenants/nobody", "{}").refused(404, "not-found");

    assertEquals("acme", at.get("/v1/tenants").at("data/0/id"));
  }

  // ---- where tokens are needed

  @Test
  void beyond_this_machine_a_server_needs_a_token_that_works() {
    InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);
    ServerConfig config = ServerConfig.DEFAULT.requireToken().address(everywhere);

    assertThrows(IllegalStateException.class, () -> QuernServer.start(at.quern, config));
    at.quern.access().tokens().issue(NewToken.of("n", Permission.ADMIN));
    QuernServer.start(at.quern, config).close();
  }
}
