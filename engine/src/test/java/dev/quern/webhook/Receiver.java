package dev.quern.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/// A server that keeps what it gets, and answers as it is told to, 204 otherwise.
final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final List<Got> got = new ArrayList<>();
  private final Deque<Reply> replies = new ArrayDeque<>();

  /// A request.
  record Got(String path, String host, String id, long timestamp, String signature, String body) {
    /// Whether a secret signed it.
    boolean signedBy(String secret) {
      return List.of(signature.split(" ")).contains(Secret.parse(secret).sign(id, timestamp, body));
    }
  }

  /// An answer.
  record Reply(int status, Map<String, String> headers) {}

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook?a=b";
  }

  synchronized Receiver answers(int status) {
    return answers(status, Map.of());
  }

  synchronized Receiver answers(int status, Map<String, String> headers) {
    replies.add(new Reply(status, headers));
    return this;
  }

  synchronized List<Got> got() {
    return List.copyOf(got);
  }

  /// What came since this was asked last.
  synchronized List<Got> take() {
    List<Got> taken = List.copyOf(got);
    got.clear();
    return taken;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Reply reply = keep(exchange);
      reply.headers().forEach(exchange.getResponseHeaders()::add);
      exchange.sendResponseHeaders(reply.status(), -1);
    }
  }

  private synchronized Reply keep(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    got.add(
        new Got(
            exchange.getRequestURI().toString(),
            headers.getFirst("Host"),
            headers.getFirst("webhook-id"),
            Long.parseLong(headers.getFirst("webhook-timestamp")),
            headers.getFirst("webhook-signature"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    return replies.isEmpty() ? new Reply(204, Map.of()) : replies.poll();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
