package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.http.TestServer.Got;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
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
