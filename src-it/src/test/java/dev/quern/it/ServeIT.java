package dev.quern.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.quern.it.Processes.Ended;
import dev.quern.json.Json;
import dev.quern.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `quern serve` as users start it, and the workers of the README.
class ServeIT {
  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);
  private static final String README_URL = "http://127.0.0.1:8080";

  @TempDir Path directory;

  private static List<String> blocks(String language) throws IOException {
    String page = Files.readString(Processes.HOME.resolve("README.md"));
    String section =
        page.substring(page.indexOf("## Over HTTP"), page.indexOf("## What is promised"));
    Matcher blocks = BLOCK.matcher(section);
    List<String> found = new ArrayList<>();
    while (blocks.find()) {
      if (blocks.group(1).equals(language)) {
        found.add(blocks.group(2));
      }
    }
    return found;
  }

  private static void needs(String... words) {
    if (!Processes.exists(words)) {
      String reason = "there is no " + words[0] + " here that fits";
      System.out.println("skipped: " + reason);
      Assumptions.abort(reason);
    }
  }

  private Running worker(Serving server, String file, String language, String... words)
      throws IOException {
    Files.writeString(directory.resolve(file), blocks(language).getFirst());
    return Running.start(directory, Map.of("QUERN_URL", server.url()), List.of(words));
  }

  private static JsonObject done(Serving server, String json) throws IOException {
    return (JsonObject) Json.parse(Serving.post(server.url() + "/v1/jobs?wait=50", json));
  }

  private static String member(JsonObject object, String name) {
    return Json.write(object.get(name).orElseThrow());
  }

  // ---- the README

  @Test
  void the_lines_of_the_readme_do_what_it_says() throws Exception {
    needs("curl", "--json", "{}", "--version");
    needs("python3", "--version");
    List<String> blocks = blocks("sh");
    assertEquals("./quern serve\n", blocks.get(0));
    try (Serving server = Serving.start(directory);
        Running worker = worker(server, "worker.py", "python", "python3", "worker.py")) {
      String lines = blocks.get(1) + "echo\n" + blocks.get(2) + blocks.get(3);
      Ended ended =
          Processes.run(
              directory,
              lines.replace(README_URL, server.url()).replace("curl ", "curl -sS "),
              List.of("sh", "-e"));

      assertEquals("", ended.err());
      List<String> answers = ended.out().lines().filter(line -> !line.isBlank()).toList();
      assertEquals("{\"id\":\"1\",\"isNew\":true}", answers.get(0));
      assertTrue(answers.get(1).contains("\"payload\":{\"to\":\"you\"}"), answers.get(1));
      assertTrue(answers.get(2).contains("\"reasons\":[{"), answers.get(2));
      assertTrue(answers.get(3).contains("\"state\":\"done\""), answers.get(3));
      assertTrue(answers.get(3).contains("\"result\":3"), answers.get(3));
      assertTrue(answers.get(4).contains("\"name\":\"worker.py\""), answers.get(4));
      assertTrue(answers.get(5).startsWith("{\"secret\":\"whsec_"), answers.get(5));
      assertTrue(answers.get(6).contains("\"liveJobs\":100000"), answers.get(6));
      assertTrue(answers.get(7).startsWith("{\"token\":\"quern_"), answers.get(7));
      assertTrue(answers.get(8).contains("\"id\":\"python-"), answers.get(8));
      assertTrue(worker.alive(), worker.err());
      Serving.post(server.url() + "/v1/workers/python-" + worker.pid() + ":stop", "{}");
      done(server, "{\"kind\":\"add\",\"payload\":{\"a\":1,\"b\":2}}");
      assertEquals(0, worker.end().exit(), worker::err);
    }
  }

  @Test
  void the_lines_of_the_readme_on_tokens_do_what_it_says() throws Exception {
    List<String> lines = block("./quern token create").lines().toList();
    assertEquals(2, lines.size());

    Ended made = shell(lines.get(0));
    assertTrue(made.err().startsWith("token "), made.err());
    String serve = lines.get(1).replace("./quern ", "").replace(":8080", ":0") + " --json";
    try (Serving server = Serving.start(directory, Processes.quern(serve.split(" ")))) {
      Ended ended =
          shell(block("QUERN_URL=").replace(README_URL, "http://127.0.0.1:" + server.port()));

      assertEquals("", ended.err());
      assertTrue(ended.out().startsWith("1\njob 1 is ready\n"), ended.out());
    }
  }

  private static String block(String part) throws IOException {
    return blocks("sh").stream().filter(block -> block.contains(part)).findFirst().orElseThrow();
  }

  /// Runs lines in a shell, in which `./quern` is what is tested.
  private Ended shell(String lines) throws Exception {
    String quern = "'" + String.join("' '", Processes.quern()) + "'";
    return Processes.run(directory, lines.replace("./quern", quern), List.of("sh", "-e"));
  }

  @Test
  void the_python_worker_tells_of_failures() throws Exception {
    needs("python3", "--version");
    try (Serving server = Serving.start(directory);
        Running worker = worker(server, "worker.py", "python", "python3", "worker.py")) {
      JsonObject failed =
          done(server, "{\"kind\":\"add\",\"payload\":{\"a\":1},\"maxAttempts\":1}");

      assertEquals("\"failed\"", member(failed, "state"), worker::err);
      assertTrue(member(failed, "failure").contains("KeyError"));
    }
  }

  @Test
  void the_node_worker_works() throws Exception {
    needs("node", "-e", "fetch");
    try (Serving server = Serving.start(directory);
        Running worker = worker(server, "worker.mjs", "js", "node", "worker.mjs")) {
      JsonObject done = done(server, "{\"kind\":\"upper\",\"payload\":{\"text\":\"é\"}}");
      JsonObject failed = done(server, "{\"kind\":\"upper\",\"payload\":{},\"maxAttempts\":1}");

      assertEquals("\"É\"", member(done, "result"), worker::err);
      assertTrue(member(failed, "failure").contains("TypeError"));
    }
  }

  @Test
  void the_shell_worker_works() throws Exception {
    needs("jq", "--version");
    needs("curl", "--json", "{}", "--version");
    needs("bash", "--version");
    try (Serving server = Serving.start(directory);
        Running worker = worker(server, "worker.sh", "bash", "bash", "worker.sh")) {
      JsonObject done = done(server, "{\"kind\":\"count\",\"payload\":{\"text\":\"a b c\"}}");

      assertEquals("3", member(done, "result"), worker::err);
    }
  }

  // ---- the command

  @Test
  void it_sends_webhooks_where_the_operator_allows_it() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    HttpServer hook = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    hook.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          told.add(exchange.getRequestHeaders().getFirst("Webhook-Signature") + " " + body);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    hook.start();
    String url = "{\"url\": \"http://127.0.0.1:" + hook.getAddress().getPort() + "/\"}";
    try (Serving server = Serving.start(directory, "--webhooks", "any")) {
      Serving.post(server.url() + "/v1/webhooks", url);
      Serving.post(server.url() + "/v1/jobs", "{\"kind\": \"a\"}");
      Serving.post(server.url() + "/v1/jobs/1:cancel", "{}");

      String first = told.poll(Processes.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertTrue(first != null && first.startsWith("v1,"), first);
      assertTrue(first.contains("\"type\":\"job.cancelled\""), first);
    } finally {
      hook.stop(0);
    }
  }

  @Test
  void it_runs_programs_too() throws Exception {
    try (Serving server = Serving.start(directory, "--exec", "shout=tr a-z A-Z")) {
      JsonObject done = done(server, "{\"kind\":\"shout\",\"payload\":\"hey\"}");

      assertEquals("\"HEY\"", member(done, "result"));
    }
  }

  @Test
  void beyond_this_machine_it_starts_only_with_a_token() throws Exception {
    Place place = new Place(directory);
    place
        .quern("serve", "--listen", "0.0.0.0:0")
        .assertRefused(2, "0.0.0.0:0", "--token-file", "--require-token", "quern token create");
    place
        .quern("serve", "--listen", "0.0.0.0:0", "--require-token")
        .assertRefused(1, "quern.db has none", "'quern token create NAME --permissions A,B'");
    place.put("short", "abc\n");
    place
        .quern("serve", "--listen", "0.0.0.0:0", "--token-file", "short")
        .assertRefused(1, "at least 16");
    place.quern("serve", "--listen", "nonsense").assertRefused(2, "127.0.0.1:8080");
  }

  @Test
  void with_require_token_the_commands_need_one_of_the_database() throws Exception {
    Place place = new Place(directory);
    Ended made = place.quern("token", "create", "a", "--permissions", "jobs:read");
    assertEquals(0, made.exit(), made.err());
    place.put("token", made.out());
    try (Serving server = Serving.start(directory, "--require-token")) {
      Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
      Place away = new Place(elsewhere);

      away.quern("jobs", "--url", server.url()).assertRefused(1, "wants a valid token");
      Ended jobs =
          away.quern("jobs", "--url", server.url(), "--token-file", place.file("token").toString());
      assertEquals("no jobs\n", jobs.err());
      assertEquals(0, jobs.exit());
      away.quern("enqueue", "a", "--url", server.url(), "--token", made.out().strip())
          .assertRefused(1, "jobs:write");
      assertEquals(List.of(), List.of(elsewhere.toFile().list()), "no database was made");
    }
  }

  @Test
  void its_first_lines_say_whether_a_token_is_needed() throws Exception {
    Place place = new Place(directory);
    place.quern("token", "create", "a", "--permissions", "admin");
    try (Running open = place.open("serve", "--listen", "127.0.0.1:0");
        Running closed = place.open("serve", "--listen", "127.0.0.1:0", "--require-token")) {
      Processes.await("their lines", () -> lines(open) >= 3 && lines(closed) >= 3);

      assertTrue(open.err().contains("\nno token is needed; Ctrl-C stops\n"), open.err());
      assertTrue(closed.err().contains("\na token is needed: 'quern token create "), closed.err());
      assertTrue(closed.err().contains("Bearer $QUERN_TOKEN"), closed.err());
    }
  }

  private static long lines(Running running) {
    return running.err().lines().count();
  }

  @Test
  void a_port_that_is_taken_is_told() throws Exception {
    try (Serving server = Serving.start(directory)) {
      new Place(directory)
          .quern("serve", "--listen", "127.0.0.1:" + server.port())
          .assertRefused(1, "cannot listen on", "in use");
    }
  }

  @Test
  void a_signal_answers_those_who_wait_and_ends_it() throws Exception {
    try (Serving server = Serving.start(directory)) {
      Thread waiting =
          Thread.startVirtualThread(() -> {
            try {
              assertTrue(
                  Serving.post(
                          server.url() + "/v1/worker/claim?wait=50",
                          "{\"worker\":\"w\",\"kinds\":[\"a\"]}")
                      .contains("\"jobs\":[]"));
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      Processes.await("a claim that waits", () -> waiting(server) == 1);

      server.process().signal("TERM");

      waiting.join();
      assertEquals(143, server.process().end().exit());
    }
  }

  private static int waiting(Serving server) {
    try {
      Matcher open =
          Pattern.compile("(?m)^quern_claims_waiting (\\d+)$")
              .matcher(Serving.get(server.url() + "/metrics"));
      return open.find() ? Integer.parseInt(open.group(1)) : 0;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_worker_that_died_a_moment_ago_gets_no_job() throws Exception {
    needs("curl", "--json", "{}", "--version");
    try (Serving server = Serving.start(directory)) {
      Running dead =
          Running.start(
              directory,
              Map.of(),
              List.of(
                  "curl",
                  "-sS",
                  "--json",
                  "{\"worker\":\"dead\",\"kinds\":[\"a\"]}",
                  server.url() + "/v1/worker/claim?wait=50"));
      Processes.await("a claim that waits", () -> waiting(server) == 1);
      dead.close();
      Processes.await("its end", () -> !dead.alive());

      Serving.post(server.url() + "/v1/jobs", "{\"kind\":\"a\"}");

      Processes.await(
          "the job to be given back",
          () ->
              new Place(directory).number("select count(*) from quern_job where state = 'ready'")
                  == 1);
    }
  }
}
