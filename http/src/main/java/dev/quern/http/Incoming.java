package dev.quern.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The body of a request, and how much of it has been read.
final class Incoming {
  private static final Set<String> LINES =
      Set.of("application/x-ndjson", "application/ndjson", "application/jsonl");

  private static final int BUFFER = 8 << 10;

  private final HttpExchange exchange;
  private final Headers headers;
  private final long length;
  private boolean read;

  Incoming(HttpExchange exchange) {
    this.exchange = exchange;
    this.headers = exchange.getRequestHeaders();
    this.length = header("Content-Length").map(Long::parseLong).orElse(0L);
  }

  /// A header.
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.getFirst(name));
  }

  private boolean chunked() {
    return headers.containsKey("Transfer-Encoding");
  }

  /// Whether something was sent that nobody has read: then the connection cannot go on.
  boolean unread() {
    return chunked() || length > 0 && !read;
  }

  /// Whether an answer can be sent and the exchange closed. What is left of a body in chunks must
  /// have been read: the JDK's server reads it when an exchange is closed, and where its chunks
  /// make no sense it fails there and leaves the connection open for good.
  boolean answerable() {
    return !chunked() || read || drained();
  }

  private boolean drained() {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream body = exchange.getRequestBody();
      while (body.read(buffer) >= 0) {
        // It goes nowhere.
      }
      read = true;
    } catch (IOException | RuntimeException _) {
      // It makes no sense, or takes too long.
    }
    return read;
  }

  /// Refuses a body.
  void none() {
    if (chunked() || length > 0) {
      throw Problem.closing(Fault.SYNTAX, "this takes no body");
    }
  }

  /// The body, which is JSON; empty if there is none.
  ///
  /// @throws Problem if it is too long, or of another type
  String json(int limit) throws IOException {
    checkLength(limit);
    if (length == 0) {
      return "";
    }
    if (!type().equals("application/json")) {
      throw Problem.of(
          Fault.UNSUPPORTED_MEDIA_TYPE, "send it with 'Content-Type: application/json'");
    }
    byte[] bytes = exchange.getRequestBody().readNBytes((int) length);
    if (bytes.length < length) {
      throw Problem.closing(Fault.SYNTAX, "the body is shorter than its length");
    }
    read = true;
    return Percent.utf8(ByteBuffer.wrap(bytes));
  }

  private void checkLength(int limit) {
    if (chunked()) {
      throw Problem.closing(
          Fault.LENGTH_REQUIRED, "send the body as a whole, without Transfer-Encoding");
    }
    if (length > limit) {
      throw Problem.closing(
          Fault.PAYLOAD_TOO_LARGE,
          "%,d bytes: at most %,d are allowed; /v1/jobs:stream takes any number of jobs"
              .formatted(length, limit));
    }
  }

  /// The body, which is lines of JSON, each at most so long. It need not have a length.
  Lines lines(int limit) {
    if (!LINES.contains(type())) {
      throw Problem.of(
          Fault.UNSUPPORTED_MEDIA_TYPE, "send it with 'Content-Type: application/x-ndjson'");
    }
    InputStream body = exchange.getRequestBody();
    return new Lines(body, limit, () -> read = true);
  }

  /// The body as it comes in, of any type and length. It comes at a rate, and if it has a length,
  /// as a whole.
  InputStream bytes(Duration patience) {
    return new Paced(exchange.getRequestBody(), chunked() ? Long.MAX_VALUE : length, patience) {
      @Override
      void atEnd() {
        read = true;
      }
    };
  }

  private String type() {
    return header("Content-Type").orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }
}
