package dev.quern.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The floor of a server on the JDK's own: it reads a request on a virtual thread and answers what
/// Quern would, without doing it.
public final class BareServer {
  /// What `quern serve` sets, too.
  static final List<String> FLAGS = List.of("-Dsun.net.httpserver.nodelay=true");

  private static final byte[] ANSWER =
      "{\"id\":\"1000000\",\"isNew\":true}\n".getBytes(StandardCharsets.US_ASCII);

  private BareServer() {}

  /// Prints where it listens, and serves until it is stopped.
  public static void main(String[] arguments) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", BareServer::answer);
    server.setExecutor(Thread::startVirtualThread);
    server.start();
    System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(201, ANSWER.length);
    exchange.getResponseBody().write(ANSWER);
    exchange.close();
  }
}
