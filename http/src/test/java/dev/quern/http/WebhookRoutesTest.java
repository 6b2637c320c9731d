package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.http.TestServer.Got;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookRoutesTest {
  private static final String URL = "{\"url\": \"https://example.com/hook\"";

  @RegisterExtension final TestServer at = new TestServer();

  private Got created(String more) {
    return at.post("/v1/webhooks", URL + more + "}").expect(201);
  }

  @Test
  void a_secret_is_shown_when_it_is_made_and_never_again() {
    Got created = created("");
    String secret = created.at("secret");
    String path = "/v1/webhooks/" + created.at("id");

    assertTrue(secret.startsWith("whsec_"));
    assertEquals(path, created.header("Location"));
    assertFalse(at.get(path).expect(200).body().contains("secret"));
    assertFalse(at.get("/v1/webhooks").body().contains(secret));
    String next = at.post(path + ":rotate-secret", "{}").expect(200).at("secret");
    assertNotEquals(secret, next);
  }

  @Test
  void a_webhook_is_changed_as_a_whole_and_deleted_once() {
    String path =
        "/v1/webhooks/" + created(", \"kinds\": [\"a\"], \"states\": [\"failed\"]").at("id");

    Got changed =
        at.call("PUT", path, "{\"url\": \"https://example.com/other\", \"states\": [\"done\"]}")
            .expect(200);
    assertEquals("https://example.com/other", changed.at("url"));
    assertEquals("[\"done\"]", changed.at("states"));
    assertEquals("[]", changed.at("kinds"));
    at.call("DELETE", path).expect(204);
    at.call("DELETE", path).refused(404, "not-found");
  }

  @Test
  void what_is_disabled_is_not_tested_until_it_is_enabled() {
    String path = "/v1/webhooks/" + created("").at("id");

    Got disabled = at.post(path + ":disable", "{\"reason\": \"too loud\"}").expect(200);
    assertEquals("too loud", disabled.at("disabledReason"));
    at.post(path + ":test", "{}").refused(409, "invalid-state");
    assertEquals("null", at.post(path + ":enable", "{}").expect(200).at("disabledAt"));
    assertEquals("webhook.test", at.post(path + ":test", "{}").expect(202).at("event"));
  }

  @Test
  void the_end_of_a_job_becomes_a_delivery_that_can_be_sent_again() {
    String webhook = created(", \"states\": [\"cancelled\"]").at("id");
    String job = at.enqueue("{\"kind\": \"a\"}");
    at.post("/v1/jobs/" + job + ":cancel", "{}").expect(200);

    Got deliveries = at.get("/v1/webhooks/" + webhook + "/deliveries").expect(200);
    assertEquals("job.cancelled", deliveries.at("data/0/event"));
    assertEquals(job, deliveries.at("data/0/job"));
    String delivery = deliveries.at("data/0/id");
    assertEquals(delivery, at.get("/v1/jobs/" + job + "/deliveries").at("data/0/id"));
    String again = "/v1/webhooks/" + webhook + "/deliveries/" + delivery + ":redeliver";
    assertEquals(delivery, at.post(again, "{}").expect(202).at("id"));
    at.post("/v1/webhooks/" + webhook + "/deliveries/x:redeliver", "{}").refused(404, "not-found");
    at.get("/v1/webhooks/" + webhook + "/deliveries?limit=0").refused(422, "validation");
  }

  @Test
  void a_job_may_have_a_url_of_its_own() {
    String job = at.enqueue("{\"kind\": \"a\", \"webhook\": \"https://example.com/one\"}");
    at.post("/v1/jobs/" + job + ":cancel", "{}").expect(200);

    Got deliveries = at.get("/v1/jobs/" + job + "/deliveries").expect(200);
    assertEquals("null", deliveries.at("data/0/webhook"));
    String secret = at.get("/v1/webhook-secret").expect(200).at("secret");
    assertEquals(secret, at.get("/v1/webhook-secret").at("secret"));
    assertNotEquals(secret, at.post("/v1/webhook-secret:rotate", "{}").expect(200).at("secret"));
  }

  @Test
  void a_webhook_may_be_signed_with_a_key_whose_public_half_is_always_shown() {
    Got created = created(", \"signature\": \"v1a\"");
    String path = "/v1/webhooks/" + created.at("id");

    assertTrue(created.at("publicKey").matches("whpk_[A-Za-z0-9+/]{43}="), created.body());
    assertEquals(created.at("publicKey"), created.at("secret"));
    assertEquals(created.at("publicKey"), at.get(path).expect(200).at("publicKey"));
    assertEquals("v1a", at.get(path).at("signature"));
    String next = at.post(path + ":rotate-secret", "{}").expect(200).at("secret");
    assertTrue(next.startsWith("whpk_"), next);
    assertNotEquals(created.at("publicKey"), next);
    Got changed = at.call("PUT", path, URL + "}").expect(200);
    assertEquals(next, changed.at("publicKey"));
    assertFalse((created.body() + changed.body()).contains("whsk_"));
    assertEquals("v1", created("").at("signature"));
  }

  @Test
  void a_signature_or_a_secret_that_does_not_fit_is_refused_at_its_place() {
    Got odd = at.post("/v1/webhooks", URL + ", \"signature\": \"v2\"}").refused(422, "validation");
    assertEquals("/signature", odd.at("errors/0/pointer"));
    Got bad =
        at.post("/v1/webhooks", URL + ", \"signature\": \"v1a\", \"secret\": \"whsk_AA\"}")
            .refused(422, "validation");
    assertEquals("/secret", bad.at("errors/0/pointer"));
    assertEquals("[]", at.get("/v1/webhooks").at("data"));
  }

  /// The URL of a webhook with three cancelled deliveries.
  private String withDeliveries() {
    String webhook = created("").at("id");
    for (int i = 0; i < 3; i++) {
      at.post("/v1/webhooks/" + webhook + ":test", "{}").expect(202);
    }
    at.quern
        .webhooks()
        .deliveries(webhook, 3)
        .forEach(delivery -> at.quern.jobs().cancel(delivery.id(), "given up"));
    return "/v1/webhooks/" + webhook;
  }

  @Test
  void deliveries_of_a_range_are_sent_again_a_page_at_a_time() {
    String path = withDeliveries();
    String range = "{\"from\": \"2020-01-01T00:00:00Z\", \"limit\": 2";

    Got first = at.post(path + ":replay", range + "}").expect(202);
    assertEquals("2", first.at("sent"));
    String next = first.at("next");
    Got second = at.post(path + ":replay", range + ", \"after\": \"" + next + "\"}").expect(202);
    assertEquals("1", second.at("sent"));
    assertEquals("null", second.at("next"));
    assertEquals("0", at.post(path + ":replay", range + "}").expect(202).at("sent"));
    at.post("/v1/webhooks/wh_none:replay", range + "}").refused(404, "not-found");
    at.post(path + ":disable", "{}").expect(200);
    at.post(path + ":replay", range + "}").refused(409, "invalid-state");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/from  | {}",
        "/from  | {'from': 'yesterday'}",
        "/from  | {'from': '1960-01-01T00:00:00Z'}",
        "/from  | {'from': '-999999999-01-01T00:00:00Z'}",
        "/from  | {'from': '9000-01-01T00:00:00Z'}",
        "/to    | {'from': '2020-01-01T00:00:00Z', 'to': '2020-01-01T00:00:00Z'}",
        "/to    | {'from': '2020-01-01T00:00:00Z', 'to': '2019-01-01T00:00:00Z'}",
        "/limit | {'from': '2020-01-01T00:00:00Z', 'limit': 1001}",
        "/limit | {'from': '2020-01-01T00:00:00Z', 'limit': 0}",
        "/after | {'from': '2020-01-01T00:00:00Z', 'after': '-1'}",
        "/all   | {'from': '2020-01-01T00:00:00Z', 'all': 'yes'}",
        "/since | {'from': '2020-01-01T00:00:00Z', 'since': 1}",
      },
      quoteCharacter = '"')
  void a_range_that_makes_no_sense_is_refused_at_its_place(String pointer, String range) {
    String path = withDeliveries();

    Got refused = at.post(path + ":replay", range.replace('\'', '"')).refused(422, "validation");

    assertEquals(pointer, refused.at("errors/0/pointer"));
    assertEquals("cancelled", at.get(path + "/deliveries").at("data/0/state"));
  }

  @Test
  void a_target_that_is_refused_is_named_where_it_stands() {
    String job = "{\"kind\": \"a\", \"webhook\": \"https://127.0.0.1/\"}";
    Got one = at.post("/v1/jobs", job).refused(422, "validation");
    assertEquals("/webhook", one.at("errors/0/pointer"));
    Got all =
        at.post("/v1/jobs:batch", "{\"jobs\": [{\"kind\": \"a\"}, " + job + "]}")
            .refused(422, "validation");
    assertEquals("/jobs/1/webhook", all.at("errors/0/pointer"));
    Got each =
        at.post("/v1/jobs:batch", "{\"atomic\": false, \"jobs\": [" + job + "]}").expect(200);
    assertEquals("/jobs/0/webhook", each.at("jobs/0/problem/errors/0/pointer"));
    Got copy =
        at.post("/v1/jobs/" + at.enqueue("{\"kind\": \"a\"}") + ":clone", job)
            .refused(422, "validation");
    assertEquals("/webhook", copy.at("errors/0/pointer"));
    Got hook = at.post("/v1/webhooks", "{\"url\": \"http://x.org\"}").refused(422, "validation");
    assertEquals("/url", hook.at("errors/0/pointer"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest",
        "https://10.0.0.1/",
        "https://2130706433/",
        "https://example.com:22/",
        "https://user:pass@example.com/",
        "ftp://example.com/",
        "nonsense",
      })
  void a_target_that_is_not_public_is_refused(String url) {
    at.post("/v1/webhooks", "{\"url\": \"" + url + "\"}").refused(422, "validation");
    at.post("/v1/jobs", "{\"kind\": \"a\", \"webhook\": \"" + url + "\"}")
        .refused(422, "validation");
    assertEquals("[]", at.get("/v1/webhooks").at("data"));
  }

  @Test
  void more_webhooks_than_are_allowed_are_refused() {
    for (int i = 0; i < 50; i++) {
      created("");
    }
    at.post("/v1/webhooks", URL + "}").refused(409, "invalid-state");
  }
}
