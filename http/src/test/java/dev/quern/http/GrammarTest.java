package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.quern.support.Finding;
import dev.quern.support.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Requests that two readers may read differently (T20): none is taken for what it is not, and none
/// that hides in another is ever carried out.
class GrammarTest {
  /// A whole request, to see whether a connection still understands.
  private static final String PING =
      "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  private static final int PATIENCE_MILLIS = 20_000;

  @RegisterExtension final TestServer at = new TestServer();

  /// What comes back when bytes are sent and then nothing more.
  private static String answer(int port, String bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      try {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
      } catch (IOException _) {
        // It was refused before it was sent.
      }
      return TestServer.readAll(socket);
    }
  }

  /// What is wrong with the answer to an attack, if anything is.
  private static Optional<String> problem(Attack attack, String answer) {
    List<String> statuses =
        answer.lines().filter(line -> line.matches(".*HTTP/1\\.1 \\d{3}.*")).toList();
    if (statuses.isEmpty()) {
      return Optional.empty();
    }
    String first = statuses.getFirst().replaceFirst(".*HTTP/1\\.1 ", "").substring(0, 3);
    boolean stream = attack.name().contains("stream");
    boolean refused = first.startsWith("4") || first.equals("501") || first.equals("505");
    if (!refused && !(stream && first.equals("200"))) {
      return Optional.of(attack.name() + " was answered with " + first);
    }
    return statuses.size() > 1
        ? Optional.of(attack.name() + " was answered " + statuses.size() + " times")
        : Optional.empty();
  }

  private static List<String> problems(int port) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Attack attack : Attack.all()) {
      try {
        problem(attack, answer(port, attack.bytes() + PING)).ifPresent(problems::add);
      } catch (SocketTimeoutException _) {
        problems.add(attack.name() + " was not answered");
      }
    }
    return problems;
  }

  @Test
  void no_request_that_can_be_read_in_two_ways_is_taken() throws IOException {
    long startedAt = System.nanoTime();

    assertEquals(List.of(), problems(at.port()));

    assertFalse(at.kinds().contains("canary"), "a hidden request was carried out");
    assertTrue(at.raw(PING).startsWith("HTTP/1.1 200"), "and it still serves others");
    teeth(startedAt);
  }

  /// The same requests against the JDK's server without the gate.
  private static void teeth(long startedAt) throws IOException {
    AtomicInteger canaries = new AtomicInteger();
    HttpServer bare = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    bare.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          canaries.addAndGet(body.equals("{\"kind\":\"canary\"}") ? 1 : 0);
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    bare.setExecutor(Thread::startVirtualThread);
    bare.start();
    List<String> problems = problems(bare.getAddress().getPort());
    bare.stop(0);

    assertTrue(problems.size() > 20, problems::toString);
    assertTrue(canaries.get() > 0, "no hidden request was carried out without the gate either");
    int count = Attack.all().size();
    new Finding(
            "GrammarTest",
            "requests that two readers read differently",
            count,
            count + " requests",
            Finding.Verdict.CLEAN,
            "none",
            "the JDK's server alone takes %d of them and carries out %d hidden requests"
                .formatted(problems.size(), canaries.get()))
        .tell(startedAt);
  }

  @Test
  void without_the_grammar_the_gate_would_take_them() throws IOException {
    HttpServer open = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    try (Exchanges exchanges = new Exchanges(1_000, ServerConfig.DEFAULT.headerDeadline())) {
      Meter meter = new Meter();
      Router router = new Router(new Service(at.quern, exchanges, meter).routes());
      open.createContext(
          "/",
          new Gate(
              _ -> {},
              new Callers(at.quern, ServerConfig.DEFAULT),
              router,
              meter,
              ServerConfig.DEFAULT));
      open.setExecutor(exchanges);
      open.start();

      List<String> problems = problems(open.getAddress().getPort());

      open.stop(0);
      assertTrue(problems.size() > 10, problems::toString);
    }
  }

  @Test
  void mutated_requests_never_harm_the_server() throws IOException {
    long seed = Trust.seed("GrammarTest");
    SplittableRandom random = new SplittableRandom(seed);
    List<Attack> attacks = Attack.all();
    for (int i = 0; i < Trust.size(500, 100_000); i++) {
      StringBuilder bytes = new StringBuilder(attacks.get(random.nextInt(attacks.size())).bytes());
      for (int change = random.nextInt(4); change >= 0; change--) {
        mutate(bytes, random);
      }
      String answer = answer(at.port(), bytes.toString());
      assertFalse(
          answer.contains("HTTP/1.1 5") && !answer.contains("HTTP/1.1 501"),
          () -> seed + ": " + bytes);
    }
    assertTrue(at.raw(PING).startsWith("HTTP/1.1 200"));
  }

  private static void mutate(StringBuilder bytes, SplittableRandom random) {
    int place = random.nextInt(bytes.length());
    switch (random.nextInt(4)) {
      case 0 -> bytes.setCharAt(place, (char) random.nextInt(256));
      case 1 -> bytes.deleteCharAt(place);
      case 2 -> bytes.insert(place, (char) random.nextInt(256));
      default -> bytes.insert(place, "\r\n");
    }
  }
}
