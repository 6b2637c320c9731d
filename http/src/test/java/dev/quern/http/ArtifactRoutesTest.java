package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ClaimRequest;
import dev.quern.Lease;
import dev.quern.http.TestServer.Got;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactRoutesTest {
  private static final String HELLO_DIGEST =
      "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:";

  @RegisterExtension
  final TestServer at =
      new TestServer(ServerConfig.DEFAULT.deadlines(second(5), second(1), second(30)));

  private String job;

  private static java.time.Duration second(int seconds) {
    return java.time.Duration.ofSeconds(seconds);
  }

  @BeforeEach
  void enqueue() {
    job = at.enqueue("{\"kind\": \"render\"}");
  }

  private String path(String name) {
    return "/v1/jobs/" + job + "/artifacts/" + name;
  }

  private HttpRequest.Builder put(String name, String content) {
    return at.request(path(name)).PUT(HttpRequest.BodyPublishers.ofString(content));
  }

  // ---- in and out

  @Test
  void an_artifact_comes_back_as_it_was_put() {
    Got put =
        at.send(put("notes.txt", "hello").header("Content-Type", "text/plain; charset=utf-8"))
            .expect(201);

    assertEquals("5", put.at("size"));
    Got got = at.get(path("notes.txt")).expect(200);
    assertEquals("hello", got.body());
    assertEquals("text/plain; charset=utf-8", got.header("Content-Type"));
    assertEquals("5", got.header("Content-Length"));
    assertEquals(HELLO_DIGEST, got.header("Content-Digest"));
    assertEquals(put.header("ETag"), got.header("ETag"));
    assertEquals("attachment; filename*=UTF-8''notes.txt", got.header("Content-Disposition"));
    assertEquals("sandbox; default-src 'none'", got.header("Content-Security-Policy"));
  }

  @Test
  void what_is_empty_comes_back_empty() {
    at.send(put("empty", "")).expect(201);

    Got got = at.get(path("empty")).expect(200);
    assertEquals("", got.body());
    assertEquals("application/octet-stream", got.header("Content-Type"));
  }

  @Test
  void artifacts_are_listed_without_their_bytes() {
    at.send(put("b", "2")).expect(201);
    at.send(put("a", "1")).expect(201);

    Got list = at.get("/v1/jobs/" + job + "/artifacts").expect(200);
    assertEquals("a", list.at("data/0/name"));
    assertEquals("b", list.at("data/1/name"));
    at.get("/v1/jobs/99/artifacts").refused(404, "not-found");
  }

  @Test
  void a_client_that_has_it_is_not_sent_it_again() {
    String etag = at.send(put("a", "hello")).header("ETag");

    Got got = at.send(at.request(path("a")).header("If-None-Match", etag));
    assertEquals(304, got.status());
    assertEquals(etag, got.header("ETag"));
  }

  @Test
  void head_tells_the_length_alone() {
    at.send(put("a", "hello")).expect(201);

    Got got = at.call("HEAD", path("a"));
    assertEquals(200, got.status());
    assertEquals("5", got.header("Content-Length"));
    assertEquals("", got.body());
  }

  @Test
  void a_long_content_in_chunks_comes_back_whole() throws Exception {
    byte[] bytes = new byte[3 << 20];
    new Random(7).nextBytes(bytes);
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest put =
        at.request(path("long"))
            .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))
            .build();
    try (client) {
      assertEquals(201, client.send(put, HttpResponse.BodyHandlers.ofString()).statusCode());
      HttpResponse<byte[]> got =
          client.send(at.request(path("long")).build(), HttpResponse.BodyHandlers.ofByteArray());

      assertArrayEquals(bytes, got.body());
    }
  }

  @Test
  void it_is_deleted_once() {
    at.send(put("a", "hello")).expect(201);

    at.call("DELETE", path("a")).expect(204);
    at.call("DELETE", path("a")).refused(404, "not-found");
    at.get(path("a")).refused(404, "not-found");
  }

  // ---- parts

  @ParameterizedTest
  @CsvSource({
    "bytes=0-4, 206, 01234, bytes 0-4/10",
    "bytes=8-, 206, 89, bytes 8-9/10",
    "bytes=-3, 206, 789, bytes 7-9/10",
    "bytes=-99, 206, 0123456789, bytes 0-9/10",
    "bytes=5-99, 206, 56789, bytes 5-9/10",
    "'bytes=0-1,4-5', 200, 0123456789, ''",
    "lines=1-2, 200, 0123456789, ''",
    "bytes=-, 200, 0123456789, ''",
  })
  void a_part_is_sent_on_request(String range, int status, String body, String sent) {
    at.send(put("a", "0123456789")).expect(201);

    Got got = at.send(at.request(path("a")).header("Range", range)).expect(status);
    assertEquals(body, got.body());
    assertEquals(sent, got.header("Content-Range"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=-0", "bytes=5-4"})
  void a_part_that_is_not_there_is_refused(String range) {
    at.send(put("a", "0123456789")).expect(201);

    at.send(at.request(path("a")).header("Range", range)).refused(416, "range");
  }

  @Test
  void a_part_of_another_version_is_not_sent() {
    at.send(put("a", "0123456789")).expect(201);

    Got got =
        at.send(at.request(path("a")).header("Range", "bytes=0-1").header("If-Range", "\"other\""));
    assertEquals("0123456789", got.expect(200).body());
  }

  // ---- refusals

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        ".",
        "a\\b",
        "a\u0000b",
        "a\nb",
        "a\u202Eb",
        "\uFF0E\uFF0E",
        "a/b",
        "\u2025",
        " "
      })
  void a_name_that_could_mean_something_to_a_file_system_is_refused(String name) {
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    int status = at.send(put(encoded.replace(".", "%2E"), "x")).status();

    assertTrue(status == 400 || status == 422, name + " " + status);
    assertEquals("[]", at.get("/v1/jobs/" + job + "/artifacts").at("data"));
  }

  @Test
  void a_name_that_only_looks_odd_is_kept_and_sent_back_so_that_no_header_breaks() {
    at.send(put("%22%3B%20a%C3%A9%25", "x")).expect(201);

    Got got = at.get(path("%22%3B%20a%C3%A9%25")).expect(200);
    assertEquals(
        "attachment; filename*=UTF-8''%22%3B%20a%C3%A9%25", got.header("Content-Disposition"));
  }

  @Test
  void what_is_not_what_it_was_said_to_be_is_refused() {
    at.send(put("a", "hello").header("Content-Digest", HELLO_DIGEST)).expect(201);
    at.send(put("b", "hallo").header("Content-Digest", HELLO_DIGEST)).refused(422, "validation");
    at.send(put("b", "hello").header("Content-Digest", "md5=:x:")).refused(422, "validation");
    at.send(put("b", "hello").header("Content-Type", "no type")).refused(422, "validation");

    at.get(path("b")).refused(404, "not-found");
  }

  @Test
  void a_worker_attaches_under_its_lease_alone() {
    Lease lease = at.quern.claim(ClaimRequest.of("render")).getFirst();
    String shown = "lse_" + job + "-" + lease.fence() + "-60000";

    at.send(put("a", "hello").header("Lease", shown)).expect(201);
    lease.complete();
    at.send(put("a", "later").header("Lease", shown)).refused(409, "lease-lost");
    at.send(put("a", "later").header("Lease", "lse_99-1-60000")).refused(409, "lease-lost");

    assertEquals("hello", at.get(path("a")).body());
  }

  @Test
  void more_artifacts_than_a_job_may_have_are_refused() {
    for (int i = 0; i < 100; i++) {
      at.send(put("a" + i, "x")).expect(201);
    }
    at.send(put("b", "x")).refused(409, "invalid-state");
    at.send(put("a1", "y")).expect(201);
  }

  // ---- hostile clients

  private String head(String framing) {
    return "PUT " + path("a") + " HTTP/1.1\r\nHost: localhost\r\n" + framing + "\r\n\r\n";
  }

  @Test
  void a_body_that_ends_early_leaves_nothing() throws IOException {
    try (Socket socket = at.connect()) {
      socket.getOutputStream().write((head("Content-Length: 10") + "hel").getBytes());
      socket.shutdownOutput();
      TestServer.readAll(socket);
    }
    at.get(path("a")).refused(404, "not-found");
  }

  @Test
  void a_body_whose_chunks_make_no_sense_leaves_nothing() throws IOException {
    String answer = at.raw(head("Transfer-Encoding: chunked") + "5\r\nhello\r\nzz\r\n");

    assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), answer);
    at.get(path("a")).refused(404, "not-found");
  }

  @Test
  void a_client_that_sends_no_more_is_cut_off() throws IOException {
    try (Socket socket = at.connect()) {
      socket.getOutputStream().write((head("Content-Length: 10") + "hel").getBytes());
      InputStream in = socket.getInputStream();

      assertEquals(-1, first(in));
    }
    at.get(path("a")).refused(404, "not-found");
  }

  private static int first(InputStream in) {
    try {
      return in.read();
    } catch (java.net.SocketTimeoutException stillOpen) {
      throw new AssertionError("the connection was not closed", stillOpen);
    } catch (IOException _) {
      return -1;
    }
  }
}
