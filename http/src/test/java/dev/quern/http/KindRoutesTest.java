package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.KindPolicy;
import dev.quern.http.TestServer.Got;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KindRoutesTest {
  @RegisterExtension final TestServer at = new TestServer();

  @Test
  void a_policy_is_set_as_a_whole() {
    at.call("PUT", "/v1/kinds/mail", "{\"maxAttempts\": 9, \"rank\": 2}").expect(200);

    Got got =
        at.call(
                "PUT",
                "/v1/kinds/mail",
                "{\"timeoutSeconds\": 1.5, \"rateStarts\": 10, \"ratePeriodSeconds\": 60}")
            .expect(200);

    assertEquals("1.5", got.at("timeoutSeconds"));
    KindPolicy policy = at.quern.kinds().get("mail").policy();
    assertEquals(KindPolicy.DEFAULT.maxAttempts(), policy.maxAttempts());
    assertEquals(Optional.of(Duration.ofMillis(1_500)), policy.timeout());
  }

  @Test
  void a_kind_shown_can_be_set_again_without_its_name_and_pause() {
    String shown = at.get("/v1/kinds/mail").body();
    String policy =
        shown.replaceFirst("\"kind\":\"mail\",\"pausedAt\":null,\"pauseReason\":null,", "");

    assertEquals(shown, at.call("PUT", "/v1/kinds/mail", policy).expect(200).body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'maxAttempts': 0}|/maxAttempts",
        "{'rateStarts': 1}|/ratePeriodSeconds",
        "{'backoffBaseSeconds': 9, 'backoffCapSeconds': 1}|/backoffBaseSeconds",
        "{'retired': 1}|/retired",
        "{'colour': 1}|/colour",
      })
  void a_policy_that_makes_no_sense_is_refused(String json, String pointer) {
    Got refused =
        at.call("PUT", "/v1/kinds/mail", json.replace('\'', '"')).refused(422, "validation");

    assertEquals(pointer, refused.at("errors/0/pointer"));
  }

  @Test
  void a_kind_is_paused_with_a_reason_and_resumed() {
    Got paused = at.post("/v1/kinds/a%2Eb:pause", "{\"reason\": \"quota\"}").expect(200);
    assertEquals("a.b", paused.at("kind"));
    assertEquals("quota", paused.at("pauseReason"));

    assertEquals("null", at.call("POST", "/v1/kinds/a.b:resume").expect(200).at("pausedAt"));
    assertEquals("a.b", at.get("/v1/kinds").at("data/0/kind"));
  }

  @Test
  void a_kind_may_have_any_name() {
    at.enqueue("{\"kind\": \"über: \\\"x\\\" %\"}");

    Got got = at.get("/v1/kinds/%C3%BCber%3A%20%22x%22%20%25").expect(200);

    assertEquals("über: \"x\" %", got.at("kind"));
    assertTrue(at.get("/metrics").body().contains("quern_jobs{kind=\"über: \\\"x\\\" %\""));
  }
}
