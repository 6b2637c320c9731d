package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.json.Json;
import dev.quern.json.JsonNumber;
import dev.quern.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A client that was not written for Quern sends as fast as it is answered.
class WrkIT {
  private static final int CONNECTIONS = 64;
  private static final Pattern ANSWERS = Pattern.compile("(\\d+) requests in ");
  private static final String SCRIPT =
      """
      wrk.method = "POST"
      wrk.body = '{"kind": "%s"}'
      wrk.headers["Content-Type"] = "application/json"
      """;

  @TempDir Path directory;

  @Test
  void every_job_that_wrk_was_answered_for_is_there() throws Exception {
    Needs.that(
        Processes.exists("sh", "-c", "command -v wrk"),
        "there is no wrk here; Debian has it in the package wrk");
    try (Serving server = Serving.start(directory)) {
      String said = wrk(server, "wrk");

      Matcher answers = ANSWERS.matcher(said);
      assertTrue(answers.find(), said);
      long answered = Long.parseLong(answers.group(1));
      long jobs = ready(server, "wrk");
      assertTrue(answered > CONNECTIONS, said);
      assertTrue(jobs >= answered, jobs + " jobs: " + said);
      assertTrue(jobs <= answered + CONNECTIONS, jobs + " jobs: " + said);
      for (String trouble : List.of("Non-2xx", "Socket errors")) {
        assertEquals(-1, said.indexOf(trouble), said);
      }
    }
  }

  /// What `wrk` would say if jobs were refused.
  @Test
  void wrk_tells_of_answers_that_are_none() throws Exception {
    Needs.that(
        Processes.exists("sh", "-c", "command -v wrk"),
        "there is no wrk here; Debian has it in the package wrk");
    try (Serving server = Serving.start(directory)) {
      String said = wrk(server, "quern.reserved");

      assertTrue(said.contains("Non-2xx"), said);
      assertEquals("{}", Json.write(stats(server).get("kinds").orElseThrow()));
    }
  }

  private String wrk(Serving server, String kind) throws Exception {
    Path script = Files.writeString(directory.resolve("post.lua"), SCRIPT.formatted(kind));
    List<String> words =
        List.of("wrk", "-t1", "-c" + CONNECTIONS, "-d1s", "-s" + script, server.url() + "/v1/jobs");
    Processes.Ended ended = Processes.run(directory, "", words);
    assertEquals(0, ended.exit(), ended.out() + ended.err());
    return ended.out();
  }

  private static JsonObject stats(Serving server) throws Exception {
    return (JsonObject) Json.parse(Serving.get(server.url() + "/v1/stats"));
  }

  private static long ready(Serving server, String kind) throws Exception {
    JsonObject kinds = (JsonObject) stats(server).get("kinds").orElseThrow();
    JsonObject states = (JsonObject) kinds.get(kind).orElseThrow();
    return ((JsonNumber) states.get("ready").orElseThrow()).longValue();
  }
}
