package dev.quern.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import dev.quern.WebhookTargets;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private static Post post(Duration timeout) {
    return post(timeout, (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  private static Post post(Duration timeout, SSLSocketFactory tls) {
    return new Post(new Frontier(WebhookTargets.ANY, _ -> List.of(HERE)), () -> tls, timeout);
  }

  /// What a server does with a connection.
  private interface Service {
    void serve(Socket socket, OutputStream out) throws IOException;
  }

  /// Serves one connection and returns what came of a request to it.
  private static Answer exchange(Duration timeout, Service service) throws IOException {
    try (var server = new ServerSocket(0, 1, HERE)) {
      Thread.startVirtualThread(() -> serve(server, service));
      var target = Target.of("http://hook.example:" + server.getLocalPort() + "/");
      return post(timeout).send(target, Map.of("webhook-id", "1"), "{}");
    }
  }

  private static void serve(ServerSocket server, Service service) {
    try (var socket = server.accept()) {
      service.serve(socket, socket.getOutputStream());
    } catch (IOException e) {
      // The other side has gone, as it should.
    }
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /// Says a text again and again until nobody listens.
  private static void sayForEver(OutputStream out, String text, int pauseMillis)
      throws IOException {
    while (true) {
      say(out, text);
      try {
        Thread.sleep(pauseMillis);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  @Test
  void a_request_is_what_http_asks_for() throws Exception {
    var request = new CompletableFuture<String>();
    var answer =
        exchange(
            LONG,
            (socket, out) -> {
              var bytes = new byte[4_096];
              int length = socket.getInputStream().read(bytes);
              request.complete(new String(bytes, 0, length, StandardCharsets.UTF_8));
              say(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            });

    assertEquals(200, answer.status());
    String told = request.get();
    assertTrue(
        told.matches(
            "POST / HTTP/1\\.1\r\nHost: hook\\.example:\\d+\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\nUser-Agent: Quern\r\nConnection: close\r\nwebhook-id:"
                + " 1\r\n\r\n\\{}"),
        told);
  }

  @Test
  void a_server_that_never_answers_is_left_at_the_deadline() {
    var late =
        assertThrows(
            IOException.class,
            () ->
                exchange(
                    SHORT,
                    (socket, _) ->
                        socket.getInputStream().transferTo(OutputStream.nullOutputStream())));

    assertTrue(late.getMessage().contains("no answer within PT0.3S"), late.getMessage());
  }

  @Test
  void a_server_that_answers_slowly_for_ever_is_left_at_the_deadline() {
    var late =
        assertThrows(
            IOException.class,
            () ->
                exchange(
                    SHORT,
                    (_, out) -> {
                      say(out, "HTTP/1.1 200 OK\r\n");
                      sayForEver(out, "x", 20);
                    }));

    assertTrue(late.getMessage().contains("no answer within PT0.3S"), late.getMessage());
  }

  @Test
  void a_body_that_never_ends_does_not_keep_a_status_back() throws IOException {
    var answer =
        exchange(
            LONG,
            (_, out) -> {
              say(out, "HTTP/1.1 202 Accepted\r\nContent-Length: 1000000\r\n\r\n");
              sayForEver(out, "x", 20);
            });

    assertEquals(202, answer.status());
  }

  @Test
  void of_a_body_of_a_gigabyte_little_is_read() throws IOException {
    var sent = new AtomicLong();
    var answer =
        exchange(
            LONG,
            (_, out) -> {
              say(out, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
              var piece = new byte[1 << 16];
              for (long left = 1 << 30; left > 0; left -= piece.length) {
                out.write(piece);
                sent.addAndGet(piece.length);
              }
            });

    assertEquals(200, answer.status());
    assertTrue(sent.get() < 64 << 20, "sent " + sent);
  }

  @Test
  void a_head_of_more_than_64_kib_is_no_answer() {
    var fault =
        assertThrows(
            IOException.class,
            () ->
                exchange(
                    LONG,
                    (_, out) -> {
                      say(out, "HTTP/1.1 200 OK\r\n");
                      sayForEver(out, "X-Header: " + "x".repeat(8_000) + "\r\n", 0);
                    }));

    assertTrue(fault.getMessage().contains("65,536 bytes"), fault.getMessage());
  }

  @Test
  void what_is_not_http_is_no_answer() {
    for (String text :
        List.of(
            "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/2 200\r\n\r\n", "\r\n", "", "HTTP/1.1 20\r\n\r\n")) {
      assertThrows(IOException.class, () -> exchange(LONG, (_, out) -> say(out, text)), text);
    }
  }

  @Test
  void interim_answers_are_passed_over_and_bare_line_feeds_are_taken() throws IOException {
    var answer =
        exchange(
            LONG,
            (_, out) ->
                say(out, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 503\nRETRY-AFTER:  7 \n\n"));

    assertEquals(503, answer.status());
    assertEquals("7", answer.retryAfter().orElseThrow());
  }

  @Test
  void a_header_cannot_be_broken_into_two() {
    assertThrows(
        IllegalArgumentException.class,
        () -> {
          try (var server = new ServerSocket(0, 1, HERE)) {
            var target = Target.of("http://hook.example:" + server.getLocalPort());
            post(LONG).send(target, Map.of("webhook-id", "1\r\nx: y"), "{}");
          }
        });
  }

  @Test
  void a_certificate_must_be_that_of_the_name(@TempDir Path directory) throws Exception {
    var context = context(directory.resolve("keys.p12"));
    var names = new CompletableFuture<String>();
    var server = HttpsServer.create(new InetSocketAddress(HERE, 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          var session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
          names.complete(session.getRequestedServerNames().toString());
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try {
      int port = server.getAddress().getPort();
      var post = post(LONG, context.getSocketFactory());

      var answer = post.send(Target.of("https://hook.example:" + port), Map.of(), "{}");
      assertEquals(204, answer.status());
      assertTrue(names.get().contains("hook.example"), names.get());
      for (String other : List.of("other.example", "127.0.0.1")) {
        assertThrows(
            SSLException.class,
            () -> post.send(Target.of("https://" + other + ":" + port), Map.of(), "{}"));
      }
      assertThrows(
          SSLException.class,
          () -> post(LONG).send(Target.of("https://hook.example:" + port), Map.of(), "{}"),
          "a certificate that nobody has signed");
    } finally {
      server.stop(0);
    }
  }

  /// The keys of hook.example, signed by themselves and trusted.
  private static SSLContext context(Path file) throws Exception {
    var keytool =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "hook",
            "-keyalg",
            "EC",
            "-dname",
            "CN=hook.example",
            "-ext",
            "san=dns:hook.example",
            "-storetype",
            "PKCS12",
            "-keystore",
            file.toString(),
            "-storepass",
            "secret1");
    assertEquals(
        0,
        keytool
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor());
    var keys = KeyStore.getInstance(file.toFile(), "secret1".toCharArray());
    var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, "secret1".toCharArray());
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(keys);
    var context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }
}
