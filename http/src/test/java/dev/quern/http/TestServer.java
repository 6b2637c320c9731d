package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.json.Json;
import dev.quern.json.JsonArray;
import dev.quern.json.JsonNumber;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import dev.quern.json.JsonValue;
import dev.quern.support.TestStore;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A server on a real engine on a temporary file, and a client of it.
final class TestServer implements AfterEachCallback {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TestStore store = new TestStore();
  private final HttpClient client = HttpClient.newHttpClient();
  final Quern quern = store.open(QuernConfig.DEFAULT.clock(InstantSource.system()));
  final QuernServer server;
  private String token = "";

  TestServer() {
    this(ServerConfig.DEFAULT);
  }

  TestServer(ServerConfig config) {
    server = QuernServer.start(quern, config.port(0));
  }

  /// Shows this token from now on.
  TestServer showing(String shown) {
    token = shown;
    return this;
  }

  int port() {
    return server.address().getPort();
  }

  // ---- requests

  /// What was answered.
  record Got(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String body() {
      return response.body();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /// A member of the body, as text: `jobs/0/id`.
    String at(String path) {
      JsonValue value = Json.parse(body());
      for (String name : path.split("/")) {
        value =
            value instanceof JsonArray array
                ? array.elements().get(Integer.parseInt(name))
                : ((JsonObject) value)
                    .get(name)
                    .orElseThrow(() -> new AssertionError(path + body()));
      }
      return switch (value) {
        case JsonString text -> text.value();
        case JsonNumber number -> number.text();
        default -> Json.write(value);
      };
    }

    Got expect(int status) {
      assertEquals(status, status(), body());
      return this;
    }

    /// A refusal of a type.
    Got refused(int status, String type) {
      expect(status);
      assertEquals("application/problem+json", header("Content-Type"));
      assertEquals("/problems/" + type, at("type"));
      return this;
    }
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).timeout(PATIENCE);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  Got send(HttpRequest.Builder request) {
    try {
      return new Got(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  Got get(String path) {
    return send(request(path));
  }

  Got call(String method, String path) {
    return send(request(path).method(method, HttpRequest.BodyPublishers.noBody()));
  }

  Got call(String method, String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json)));
  }

  Got post(String path, String json) {
    return call("POST", path, json);
  }

  /// Enqueues a job and returns its id.
  String enqueue(String json) {
    return post("/v1/jobs", json).expect(201).at("id");
  }

  // ---- raw

  Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", port());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  /// Sends bytes as they are and reads until the server closes the connection.
  String raw(String bytes) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      return readAll(socket);
    }
  }

  /// What comes until the connection is closed; a reset counts as closed.
  static String readAll(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[4_096];
    try {
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        text.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (java.net.SocketTimeoutException stillOpen) {
      throw stillOpen;
    } catch (IOException _) {
      // It was reset.
    }
    return text.toString();
  }

  List<String> kinds() {
    return quern.kinds().list().stream().map(dev.quern.KindStatus::kind).toList();
  }

  @Override
  public void afterEach(ExtensionContext context) throws SQLException, IOException {
    server.close();
    client.close();
    store.afterEach(context);
  }
}
