package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `/metrics`, as a strict reader and Prometheus' own tool read it.
class MetricsTest {
  private static final String GOOD = "# HELP a_total b\n# TYPE a_total counter\na_total 1\n";

  @RegisterExtension final TestServer at = new TestServer();

  /// Something of everything that is counted, with names that need care.
  private String metrics() throws IOException {
    at.enqueue("{\"kind\": \"a \\\"quoted\\\" \\\\ kind\"}");
    at.enqueue("{\"kind\": \"ünïcode\"}");
    at.post("/v1/jobs", "{").refused(400, "syntax");
    at.get("/v1/nothing").refused(404, "not-found");
    at.get("/v1/jobs/1").expect(200);
    at.raw("get / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    at.post("/v1/worker/claim", "{\"worker\": \"w\", \"kinds\": [\"ünïcode\"]}").expect(200);
    at.post("/v1/worker/claim", "{\"worker\": \"w\", \"kinds\": [\"none\"]}").expect(200);
    at.enqueue("{\"kind\": \"ended\"}");
    TestServer.Got claimed =
        at.post("/v1/worker/claim", "{\"worker\": \"w\", \"kinds\": [\"ended\"]}").expect(200);
    at.post(
            "/v1/worker/ack",
            "{\"worker\": \"w\", \"acks\": [{\"id\": \"%s\", \"lease\": \"%s\", \"outcome\": \"done\"}]}"
                .formatted(claimed.at("jobs/0/id"), claimed.at("jobs/0/lease")))
        .expect(200);
    TestServer.Got got = at.get("/metrics").expect(200);
    assertEquals("text/plain; version=0.0.4; charset=utf-8", got.header("Content-Type"));
    return got.body();
  }

  @Test
  void metrics_are_well_formed_and_tell_what_happened() throws IOException {
    Exposition metrics = Exposition.read(metrics());

    assertEquals(1, metrics.of("quern_jobs{kind=\"ünïcode\",state=\"running\"}"));
    assertEquals(1, metrics.of("quern_jobs{kind=\"a \\\"quoted\\\" \\\\ kind\",state=\"ready\"}"));
    assertEquals(1, metrics.of("quern_jobs_all{state=\"running\"}"));
    assertEquals(2, metrics.of("quern_claims_total{result=\"jobs\"}"));
    assertEquals(1, metrics.of("quern_claims_total{result=\"empty\"}"));
    assertEquals(
        3,
        metrics.of("quern_http_requests_total{route=\"/v1/jobs\",method=\"POST\",code=\"201\"}"));
    assertEquals(
        1,
        metrics.of("quern_http_requests_total{route=\"/v1/jobs\",method=\"POST\",code=\"400\"}"));
    assertEquals(0, metrics.of("quern_http_refused_total"));
    assertEquals(1, metrics.of("quern_job_wait_seconds_count{kind=\"ünïcode\"}"));
    assertEquals(1, metrics.of("quern_job_wait_seconds_bucket{kind=\"ünïcode\",le=\"3600.0\"}"));
    assertEquals(1, metrics.of("quern_job_run_seconds_count{kind=\"ended\",outcome=\"done\"}"));
  }

  @Test
  void metrics_of_a_new_server_are_well_formed() {
    Exposition.read(at.get("/metrics").expect(200).body());
    Exposition.read(at.get("/metrics").expect(200).body());
  }

  @Test
  void counts_only_go_up() throws IOException {
    Exposition before = Exposition.read(metrics());
    Exposition after = Exposition.read(at.get("/metrics").expect(200).body());

    before
        .samples()
        .forEach((series, value) -> {
          if (series.contains("_total")) {
            assertTrue(after.of(series) >= value, series);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a_total 1\n",
        "# HELP a_total b\na_total 1\n",
        "# TYPE a_total counter\na_total 1\n",
        "# HELP a_total b\n# TYPE a_total counter\na_total 1",
        "# HELP a_total b\n# TYPE a_total counter\n",
        "# HELP a_total b\n# TYPE a_total counter\na_total -1\n",
        "# HELP a_total b\n# TYPE a_total counter\na_total one\n",
        "# HELP a_total b\n# TYPE a_total counter\na_total 1\na_total 2\n",
        "# HELP a_total b\n# TYPE a_total counter\na_total{l=\"1\"} 1\na_total{l=\"1\"} 1\n",
        "# HELP a_total b\n# TYPE a_total counter\na_total{l=\"a\"b\"} 1\n",
        "# HELP a_total b\n# TYPE a_total counter\na_total{l=\"a\\b\"} 1\n",
        "# HELP a_total b\n# TYPE a_total counter\na_total{l=\"a\",l=\"b\"} 1\n",
        "# HELP a_total b\n# TYPE a_total counter\na_total{1l=\"a\"} 1\n",
        "# HELP a_total b\n# TYPE a_total counter\nb_total 1\n",
        "# HELP a_total b\n# TYPE a_total gauge\na_total 1\n",
        "# HELP a b\n# TYPE a counter\na 1\n",
        "# HELP a b\n# TYPE a number\na 1\n",
        "# HELP a b\n# TYPE a histogram\na 1\n",
        "# HELP a b\n# TYPE a histogram\na_bucket{l=\"1\",le=\"1\"} 1\na_count{l=\"1\"} 1\n",
        "# HELP a b\n# TYPE a histogram\na_bucket{l=\"1\",le=\"1\"} 1\na_bucket{l=\"1\",le=\"+Inf\"} 0\n",
        "# HELP a b\n# TYPE a histogram\na_bucket{l=\"1\",le=\"2\"} 1\na_bucket{l=\"1\",le=\"1\"} 1\n",
        "# HELP a b\n# TYPE a histogram\na_bucket{l=\"1\",le=\"+Inf\"} 1\na_count{l=\"1\"} 2\n",
        "# HELP a b\n# TYPE a gauge\na 1\n\n",
        "# HELP a b\n# TYPE a gauge\na 1\n# HELP a b\n# TYPE a gauge\na{b=\"c\"} 1\n",
      })
  void the_strict_reader_refuses(String text) {
    assertThrows(IllegalArgumentException.class, () -> Exposition.read(text));
    Exposition.read(GOOD);
  }

  @Test
  void promtool_finds_nothing_to_complain_of() throws Exception {
    Process promtool;
    try {
      promtool =
          new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    } catch (IOException missing) {
      String reason = "there is no promtool here; Debian has it in the package prometheus";
      System.out.println("skipped: " + reason);
      Assumptions.abort(reason);
      return;
    }
    promtool.getOutputStream().write(metrics().getBytes(StandardCharsets.UTF_8));
    promtool.getOutputStream().close();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertTrue(promtool.waitFor(20, TimeUnit.SECONDS));
    assertEquals("", said);
    assertEquals(0, promtool.exitValue());
  }
}
