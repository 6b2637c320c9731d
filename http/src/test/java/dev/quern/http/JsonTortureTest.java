package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.quern.json.Json;
import dev.quern.support.Dialogue;
import dev.quern.support.Dialogue.Reply;
import dev.quern.support.Finding;
import dev.quern.support.Trust;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// JSON that readers stumble over, sent to the server (T28): each text is refused with its place,
/// soon, and harms neither the server nor the connection.
class JsonTortureTest {
  private static final Set<Integer> REFUSALS = Set.of(400, 413, 422);
  private static final long LONGEST_NANOS = 5_000_000_000L;
  private static final Pattern PLACE =
      Pattern.compile("\"pointer\":\"|at (position|byte) \\d+|[\\d,]+ bytes");
  private static final byte[] PING = Dialogue.get("/livez");

  @RegisterExtension final TestServer at = new TestServer();

  // ---- what is refused

  /// What is wrong with the answer to an attack, if anything is.
  private static Optional<String> problem(JsonAttack attack, int port) throws IOException {
    long began = System.nanoTime();
    try (Dialogue dialogue = new Dialogue(port, TestServer.PATIENCE)) {
      Reply reply = dialogue.ask(Dialogue.post("/v1/jobs", "application/json", attack.body()));
      String got = attack.name() + ": " + reply;
      if (System.nanoTime() - began > LONGEST_NANOS) {
        return Optional.of("took too long: " + got);
      }
      return told(reply) && goesOn(dialogue, reply) ? Optional.empty() : Optional.of(got);
    } catch (IOException e) {
      return Optional.of(attack.name() + ": " + e);
    }
  }

  private static boolean told(Reply reply) {
    return REFUSALS.contains(reply.status())
        && reply.header("Content-Type").equals("application/problem+json")
        && PLACE.matcher(reply.body()).find();
  }

  /// Whether the connection is of use, or closed as the answer said.
  private static boolean goesOn(Dialogue dialogue, Reply reply) throws IOException {
    return reply.header("Connection").equals("close")
        ? dialogue.closed()
        : dialogue.ask(PING).status() == 200;
  }

  private static List<String> problems(int port) throws IOException {
    List<String> problems = new ArrayList<>();
    for (JsonAttack attack : JsonAttack.all()) {
      problem(attack, port).ifPresent(problems::add);
    }
    return problems;
  }

  @Test
  void what_is_no_json_is_refused_with_its_place() throws IOException {
    long startedAt = System.nanoTime();
    int count = JsonAttack.all().size();

    assertEquals(List.of(), problems(at.port()));

    assertEquals(List.of(), at.kinds(), "a job was made of it");
    int missed = missedByAServerThatTakesAll();
    assertEquals(count, missed);
    new Finding(
            "JsonTortureTest",
            "bodies that are no JSON, or too deep, long or large",
            count,
            count + " bodies",
            Finding.Verdict.CLEAN,
            "none",
            "a server that looks at none takes all " + missed)
        .tell(startedAt);
  }

  /// The teeth.
  private static int missedByAServerThatTakesAll() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(201, -1);
          exchange.close();
        });
    server.setExecutor(Thread::startVirtualThread);
    server.start();
    try {
      return problems(server.getAddress().getPort()).size();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void a_line_that_is_no_json_is_refused_and_the_next_is_taken() throws IOException {
    int taken = 0;
    for (JsonAttack attack : JsonAttack.all()) {
      if (new String(attack.body(), StandardCharsets.ISO_8859_1).indexOf('\n') < 0) {
        List<String> answers = streamed(attack);
        taken += answers.size() == 3 ? 1 : 0;
        assertRefused(attack, answers);
      }
    }
    assertTrue(taken > 100, "lines after a refused one: " + taken);
    assertEquals(List.of("after"), at.kinds());
  }

  private List<String> streamed(JsonAttack attack) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    lines.writeBytes(attack.body());
    lines.writeBytes("\n{\"kind\":\"after\"}\n".getBytes(StandardCharsets.US_ASCII));
    try (Dialogue dialogue = new Dialogue(at.port(), TestServer.PATIENCE)) {
      byte[] request =
          Dialogue.post("/v1/jobs:stream", "application/x-ndjson", lines.toByteArray());
      Reply reply = dialogue.ask(request);
      assertEquals(200, reply.status(), attack.name());
      return reply.body().lines().toList();
    }
  }

  /// A line is refused and the next one taken; or it is blank; or it is so long that it ends the
  /// stream.
  private static void assertRefused(JsonAttack attack, List<String> answers) {
    String all = attack.name() + ": " + answers;
    boolean refused = answers.getFirst().contains("\"status\":4");
    boolean ended = answers.size() == 1 && answers.getFirst().contains("\"done\":false");
    boolean went = answers.size() == 3 && answers.get(1).contains("\"isNew\":true");
    boolean blank = new String(attack.body(), StandardCharsets.ISO_8859_1).isBlank();
    assertTrue(blank || refused && (ended || went), all);
  }

  // ---- what is taken

  static Map<String, String> hard() {
    return Map.of(
        "deep",
        "[".repeat(63) + "]".repeat(63),
        "deep objects",
        "{\"a\":".repeat(63) + "1" + "}".repeat(63),
        "large",
        "1e999",
        "small",
        "-1e-999",
        "digits",
        "9".repeat(100),
        "minus zero",
        "-0",
        "pair",
        "\"\\ud83d\\ude00\"",
        "long",
        "\"" + "x".repeat((1 << 20) - 2) + "\"",
        "quotes",
        "\"" + "\\\"".repeat(500_000) + "\"",
        "colliding names",
        colliding());
  }

  /// An object whose names all have the same hash code.
  private static String colliding() {
    return IntStream.range(0, 1 << 14)
        .mapToObj(JsonTortureTest::colliding)
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String colliding(int number) {
    StringBuilder name = new StringBuilder();
    for (int bit = 0; bit < 14; bit++) {
      name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return "\"" + name + "\":0";
  }

  static java.util.stream.Stream<String> hardNames() {
    return hard().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("hardNames")
  void what_is_hard_and_right_is_taken_and_given_back(String name) {
    String payload = hard().get(name);
    long began = System.nanoTime();

    String id = at.enqueue("{\"kind\":\"a\",\"payload\":" + payload + "}");
    String job = at.get("/v1/jobs/" + id).expect(200).body();
    at.get("/v1/jobs?kind=a").expect(200);
    String claim =
        at.post("/v1/worker/claim", "{\"worker\":\"w\",\"kinds\":[\"a\"]}").expect(200).body();

    assertTrue(System.nanoTime() - began < LONGEST_NANOS, name);
    String plain = Json.write(Json.parse(payload));
    assertTrue(job.contains("\"payload\":" + plain), () -> start(job));
    assertTrue(claim.contains("\"payload\":" + plain), () -> start(claim));
  }

  private static String start(String text) {
    return text.substring(0, Math.min(2_000, text.length()));
  }

  // ---- what comes of chance

  @Test
  void mutated_bodies_never_harm_the_server() throws IOException {
    long seed = Trust.seed("JsonTortureTest");
    SplittableRandom random = new SplittableRandom(seed);
    byte[] job =
        "{\"kind\":\"a\",\"payload\":{\"b\":[1.5e3,\"\\u00e9\u00e9\",null]},\"priority\":3,\"tags\":[\"t\"]}"
            .getBytes(StandardCharsets.UTF_8);
    Dialogue dialogue = new Dialogue(at.port(), TestServer.PATIENCE);
    for (int i = 0; i < Trust.size(2_000, 200_000); i++) {
      byte[] body = mutated(job, random);
      Reply reply = dialogue.ask(Dialogue.post("/v1/jobs", "application/json", body));
      assertTrue(
          reply.status() < 500, () -> seed + ": " + reply + " " + java.util.Arrays.toString(body));
      if (reply.header("Connection").equals("close")) {
        dialogue.close();
        dialogue = new Dialogue(at.port(), TestServer.PATIENCE);
      }
    }
    dialogue.close();
  }

  private static byte[] mutated(byte[] bytes, SplittableRandom random) {
    byte[] changed = bytes.clone();
    for (int change = random.nextInt(4); change >= 0; change--) {
      byte value = random.nextBoolean() ? (byte) random.nextInt(256) : pick(random);
      changed[random.nextInt(changed.length)] = value;
    }
    return java.util.Arrays.copyOf(changed, changed.length - random.nextInt(3));
  }

  private static byte pick(SplittableRandom random) {
    String marks = "{}[]\",:\\0e-.u";
    return (byte) marks.charAt(random.nextInt(marks.length()));
  }
}
