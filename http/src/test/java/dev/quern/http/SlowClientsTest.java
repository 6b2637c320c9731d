package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.Finding;
import dev.quern.support.Trust;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Clients that send or read a byte now and then, or nothing (T21): the server lets go of them, and
/// serves others meanwhile.
class SlowClientsTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final int CLIENTS = Trust.size(200, 2_000);
  private static final List<String> BEGINNINGS =
      List.of(
          "G",
          "GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ",
          "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Content-Length: 100\r\n\r\n{",
          "POST /v1/jobs:stream HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n5\r\n{");

  @RegisterExtension
  final TestServer at = new TestServer(ServerConfig.DEFAULT.deadlines(SHORT, SHORT, SHORT));

  /// A server without deadlines.
  @RegisterExtension
  final TestServer patient =
      new TestServer(
          ServerConfig.DEFAULT.deadlines(
              Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1)));

  private static List<Socket> slow(TestServer server, int clients) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      Socket socket = server.connect();
      socket
          .getOutputStream()
          .write(BEGINNINGS.get(i % BEGINNINGS.size()).getBytes(StandardCharsets.US_ASCII));
      sockets.add(socket);
    }
    return sockets;
  }

  /// How many of them the server has let go of, and closes all.
  private static int letGo(List<Socket> sockets, int patienceMillis) throws IOException {
    int closed = 0;
    for (Socket socket : sockets) {
      try (socket) {
        socket.setSoTimeout(patienceMillis);
        TestServer.readAll(socket);
        closed++;
      } catch (SocketTimeoutException stillOpen) {
        patienceMillis = 1;
      }
    }
    return closed;
  }

  @Test
  void slow_clients_are_let_go_and_others_are_served_meanwhile() throws IOException {
    long startedAt = System.nanoTime();
    List<Socket> slow = slow(at, CLIENTS);

    at.get("/livez").expect(200);
    at.enqueue("{\"kind\": \"a\"}");

    assertEquals(CLIENTS, letGo(slow, 20_000));
    List<Socket> kept = slow(patient, BEGINNINGS.size());
    int letGo = letGo(kept, 1_500);
    assertEquals(0, letGo, "without deadlines they stay");
    new Finding(
            "SlowClientsTest",
            "clients that never finish their request",
            CLIENTS,
            CLIENTS + " clients",
            Finding.Verdict.CLEAN,
            "none",
            "without deadlines all stay")
        .tell(startedAt);
  }

  @Test
  void a_client_that_does_not_read_is_let_go() throws IOException {
    String line = "{\"kind\":\"a\"}\n";
    try (Socket deaf = at.connect()) {
      deaf.getOutputStream()
          .write(
              ("POST /v1/jobs:stream HTTP/1.1\r\nHost: localhost\r\n"
                      + "Content-Type: application/x-ndjson\r\nContent-Length: 1000000000\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] lines = line.repeat(10_000).getBytes(StandardCharsets.US_ASCII);
      boolean cutOff = false;
      for (int i = 0; i < 1_000 && !cutOff; i++) {
        try {
          deaf.getOutputStream().write(lines);
        } catch (IOException _) {
          cutOff = true;
        }
      }
      assertTrue(cutOff, "it took everything and was never let go of");
    }
  }

  @Test
  void more_exchanges_than_there_are_places_are_turned_away_at_once() throws IOException {
    TestServer small = new TestServer(ServerConfig.DEFAULT.exchanges(4));
    try {
      List<Socket> holders = slow(small, 4);
      TestServer.readAll(slow(small, 1).getFirst());
      letGo(holders, 1);
      small.get("/livez").expect(200);
    } finally {
      try {
        small.afterEach(null);
      } catch (java.sql.SQLException e) {
        throw new AssertionError(e);
      }
    }
  }
}
