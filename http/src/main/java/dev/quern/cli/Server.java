package dev.quern.cli;

import dev.quern.json.JsonWriter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// A Quern server somewhere. It follows no redirects, so that a token goes nowhere else. Whatever
/// it says or fails to say becomes a [Reply] or a [Failed].
///
/// For one thread.
final class Server implements AutoCloseable {
  private static final Duration CONNECTING = Duration.ofSeconds(10);

  /// How long an answer may take, besides what is waited for. A server gives itself 30 s.
  private static final Duration ANSWERING = Duration.ofSeconds(60);

  private static final long ANSWER_LIMIT = 1 << 30;

  /// How many seconds a connection is kept for the next request: servers close theirs after 30.
  private static final String KEPT = "10";

  static {
    if (System.getProperty("jdk.httpclient.keepalive.timeout") == null) {
      System.setProperty("jdk.httpclient.keepalive.timeout", KEPT);
    }
  }

  private final URI base;
  private final Optional<String> token;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECTING)
          .build();

  /// @param base without a slash at its end
  /// @param token what is shown, of visible ASCII characters
  Server(URI base, Optional<String> token) {
    this.base = base;
    this.token = token;
  }

  // ---- requests

  /// @param path with its query, both encoded
  Reply get(String path) {
    return send(request(path), Duration.ZERO);
  }

  /// Asks for what is not any more as it was, and waits for it.
  ///
  /// @param known the version that is known
  Reply get(String path, Optional<String> known, Duration patience) {
    HttpRequest.Builder request = request(path).header("Prefer", "wait=" + patience.toSeconds());
    known.ifPresent(version -> request.header("If-None-Match", version));
    return send(request, patience);
  }

  Reply delete(String path) {
    return send(request(path).DELETE(), Duration.ZERO);
  }

  /// @param body writes one object
  Reply post(String path, Consumer<JsonWriter> body) {
    StringBuilder text = new StringBuilder();
    body.accept(new JsonWriter(text));
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(text.toString())),
        Duration.ZERO);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).header("Accept", "application/json");
    token.ifPresent(shown -> request.header("Authorization", "Bearer " + shown));
    return request;
  }

  private Reply send(HttpRequest.Builder builder, Duration patience) {
    HttpRequest request = builder.timeout(ANSWERING.plus(patience)).build();
    try {
      var handler = BodyHandlers.ofString(StandardCharsets.UTF_8);
      return Reply.of(
          base.toString(), client.send(request, BodyHandlers.limiting(handler, ANSWER_LIMIT)));
    } catch (IOException fault) {
      throw new Failed(Exit.FAILED, said(fault) + doubt(request, fault));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Failed(Exit.INTERRUPTED, "interrupted");
    }
  }

  // ---- faults

  private String said(IOException fault) {
    return switch (fault) {
      case ConnectException _ -> "no server at " + base + ": is 'quern serve' running there?";
      case HttpTimeoutException _ -> "the server at " + base + " does not answer";
      default -> "no answer from %s: %s".formatted(base, reason(fault));
    };
  }

  private static String reason(IOException fault) {
    return Optional.ofNullable(fault.getMessage()).orElse(fault.getClass().getSimpleName());
  }

  /// What was asked for may have been done though its answer was lost.
  private static String doubt(HttpRequest request, IOException fault) {
    boolean unsent = fault instanceof ConnectException || connecting(fault);
    return request.method().equals("GET") || unsent ? "" : "; it may have been done all the same";
  }

  private static boolean connecting(IOException fault) {
    return fault instanceof HttpConnectTimeoutException;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
