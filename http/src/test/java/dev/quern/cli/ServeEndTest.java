package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.http.DeadlyLog;
import dev.quern.json.Json;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// `quern serve` when the thread that accepts connections dies.
final class ServeEndTest {
  private static final int PATIENCE_SECONDS = 30;

  @TempDir private Path directory;

  @RegisterExtension final DeadlyLog log = new DeadlyLog();

  @Test
  void a_server_that_answers_nobody_any_more_ends_and_says_so() throws Exception {
    log.arm();
    PipedOutputStream out = new PipedOutputStream();
    Shell shell = new Shell(directory.resolve("quern.db")).writingTo(out);
    try (var lines = new BufferedReader(new InputStreamReader(new PipedInputStream(out)));
        var client = HttpClient.newHttpClient()) {
      var ended =
          CompletableFuture.supplyAsync(
              () -> shell.run("serve", "--listen", "127.0.0.1:0", "--json"));
      String url =
          ((JsonString) ((JsonObject) Json.parse(lines.readLine())).get("url").orElseThrow())
              .value();

      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create(url + "/healthz")).build(),
              BodyHandlers.ofString(StandardCharsets.UTF_8));

      assertEquals(200, answer.statusCode());
      Shell.Ran ran = ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertEquals(Exit.FAILED, ran.exit());
      assertTrue(ran.err().contains("no connections are accepted any more"), ran.err());
    }
  }
}
