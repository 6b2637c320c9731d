package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.json.Json;
import dev.quern.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `quern serve` at work, and a client of it.
record Serving(Running process, String url) implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /// The words that start it on a database, at a port of this machine; 0 is a free one.
  static List<String> words(List<String> way, Path database, int port, String... more) {
    List<String> words = new ArrayList<>(Processes.java(way, "serve", "--json"));
    words.addAll(List.of("--db", database.toString(), "--listen", "127.0.0.1:" + port));
    words.addAll(List.of(more));
    return words;
  }

  /// Starts it and waits until it listens.
  static Serving start(Path directory, List<String> words)
      throws IOException, InterruptedException {
    Running running = Running.start(directory, Map.of(), words);
    Processes.await("a server", () -> running.out().endsWith("\n") || !running.alive());
    assertTrue(running.alive(), running::err);
    return new Serving(
        running, Json.write(told(running).get("url").orElseThrow()).replace("\"", ""));
  }

  private static JsonObject told(Running running) {
    return (JsonObject) Json.parse(running.out());
  }

  static Serving start(Path directory, String... more) throws IOException, InterruptedException {
    List<String> jar = List.of("-jar", Processes.JAR.toString());
    return start(directory, words(jar, directory.resolve("quern.db"), 0, more));
  }

  int port() {
    return URI.create(url).getPort();
  }

  /// Sends JSON and returns the body of the answer.
  ///
  /// @throws IOException if the server is away, or its answer is not whole
  static String post(String url, String json) throws IOException {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  static String put(String url, String json) throws IOException {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(json)));
  }

  static String get(String url) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  private static String send(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> answer =
          CLIENT.send(
              request.timeout(Duration.ofSeconds(60)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new AssertionError(answer + answer.body());
      }
      return answer.body();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
