package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.http.TestServer.Got;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GateTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  /// What fails here is meant to. Held, because loggers that nobody holds forget their level.
  private static final Logger LOG = Logger.getLogger(Gate.class.getName());

  @RegisterExtension final TestServer at = new TestServer();

  @RegisterExtension final TestServer guarded = new TestServer(ServerConfig.DEFAULT.token(TOKEN));

  private static Got with(TestServer server, String header, String value) {
    return server.send(server.request("/v1/info").header(header, value));
  }

  // ---- callers

  @Test
  void a_server_with_a_token_serves_only_those_who_show_it() {
    Got refused = guarded.get("/v1/info").refused(401, "unauthorized");
    assertEquals("Bearer", refused.header("WWW-Authenticate"));

    for (String wrong :
        List.of("Bearer x" + TOKEN, "Bearer " + TOKEN + "0", TOKEN, "Basic " + TOKEN, "")) {
      with(guarded, "Authorization", wrong).refused(401, "unauthorized");
    }
    with(guarded, "Authorization", "Bearer " + TOKEN).expect(200);
    with(guarded, "Authorization", "bearer " + TOKEN).expect(200);
  }

  @Test
  void health_is_open_to_all() {
    guarded.get("/livez").expect(200);
    guarded.get("/readyz").expect(200);
    guarded.get("/problems/syntax").expect(200);
    guarded.get("/problems/odd").refused(404, "not-found");
  }

  @Test
  void a_server_that_can_be_reached_from_elsewhere_needs_a_token() {
    InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);

    assertThrows(IllegalArgumentException.class, () -> ServerConfig.DEFAULT.address(everywhere));
    assertThrows(IllegalArgumentException.class, () -> ServerConfig.DEFAULT.token("short"));
    assertEquals(everywhere, ServerConfig.DEFAULT.token(TOKEN).address(everywhere).address());
  }

  @Test
  void pages_of_other_sites_may_not_call() {
    for (String site : List.of("cross-site", "same-site")) {
      at.send(
              at.request("/v1/jobs/1:cancel")
                  .header("Sec-Fetch-Site", site)
                  .POST(HttpRequest.BodyPublishers.noBody()))
          .refused(403, "forbidden");
    }
    at.send(
            at.request("/v1/jobs/1:cancel")
                .header("Origin", "http://evil.example")
                .POST(HttpRequest.BodyPublishers.noBody()))
        .refused(403, "forbidden");
    at.send(
            at.request("/v1/jobs/1:cancel")
                .header("Origin", "http://127.0.0.1:" + at.port())
                .POST(HttpRequest.BodyPublishers.noBody()))
        .refused(404, "not-found");
  }

  // ---- answers

  @Test
  void a_path_that_is_none_and_a_method_that_does_not_fit_are_told_apart() {
    at.get("/v1/nothing").refused(404, "not-found");
    at.get("/").refused(404, "not-found");
    at.get("/v1/jobs/").refused(404, "not-found");
    at.get("/v1/jobs/1:nothing").refused(404, "not-found");
    Got refused = at.call("PUT", "/v1/jobs/1").refused(405, "method-not-allowed");

    assertEquals("DELETE, GET, PATCH", refused.header("Allow"));
  }

  @Test
  void head_is_get_without_its_body() {
    Got head = at.call("HEAD", "/v1/info").expect(200);

    assertEquals("", head.body());
    assertTrue(Integer.parseInt(head.header("Content-Length")) > 50);
  }

  @Test
  void a_long_answer_is_compressed_for_those_who_can_read_it() throws Exception {
    at.enqueue("{\"kind\": \"a\"}");
    at.enqueue("{\"kind\": \"b\"}");
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> got =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.port() + "/metrics"))
                  .header("Accept-Encoding", "gzip")
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());

      assertEquals("gzip", got.headers().firstValue("Content-Encoding").orElse(""));
      String text =
          new String(new GZIPInputStream(new ByteArrayInputStream(got.body())).readAllBytes());
      assertTrue(text.contains("quern_http_exchanges 1"), text);
    }
    assertEquals("", at.get("/metrics").header("Content-Encoding"));
  }

  @Test
  void a_body_of_another_type_is_refused() {
    at.send(at.request("/v1/jobs").POST(HttpRequest.BodyPublishers.ofString("{\"kind\":\"a\"}")))
        .refused(415, "unsupported-media-type");
  }

  @Test
  void a_body_that_is_too_long_is_refused_before_it_is_read() {
    Got refused =
        at.post("/v1/jobs", "{\"kind\":\"a\",\"payload\":\"" + "x".repeat(1_200_000) + "\"}")
            .refused(413, "payload-too-large");

    assertEquals("close", refused.header("Connection"));
  }

  @Test
  void the_longest_payload_fits() {
    at.post("/v1/jobs", "{\"kind\":\"a\",\"payload\":\"" + "x".repeat((1 << 20) - 2) + "\"}")
        .expect(201);
    Got refused =
        at.post("/v1/jobs", "{\"kind\":\"a\",\"payload\":\"" + "x".repeat((1 << 20) - 1) + "\"}")
            .refused(422, "validation");
    assertEquals("/payload", refused.at("errors/0/pointer"));
  }

  @Test
  void a_fault_of_the_server_tells_a_number_and_nothing_else() {
    LOG.setLevel(Level.OFF);
    at.quern.close();

    Got failed = at.get("/v1/jobs/1").refused(500, "internal");

    assertEquals(36, failed.at("instance").length());
    assertFalse(failed.body().contains("dev.quern"), failed.body());
    assertFalse(failed.body().contains("engine"), failed.body());
    at.get("/readyz").expect(503);
    at.get("/livez").expect(200);
  }

  @Test
  void a_closed_server_takes_no_more() {
    at.server.close();
    at.server.close();

    assertThrows(AssertionError.class, () -> at.get("/livez"));
  }

  @Test
  void names_are_needed_only_where_no_token_is() throws Exception {
    String request = "GET /livez HTTP/1.1\r\nConnection: close\r\nHost: %s\r\n\r\n";
    for (String own : List.of("localhost", "LOCALHOST:1", "127.0.0.1:99", "[::1]:8080")) {
      assertTrue(at.raw(request.formatted(own)).startsWith("HTTP/1.1 200"), own);
    }
    for (String other :
        List.of("evil.example", "127.0.0.1.evil.example", "localhost.:80", "127.0.0.2")) {
      assertTrue(at.raw(request.formatted(other)).startsWith("HTTP/1.1 403"), other);
    }
    assertTrue(guarded.raw(request.formatted("evil.example")).startsWith("HTTP/1.1 200"));
  }
}
