package dev.quern.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/// Sends an answer.
final class Outgoing {
  /// Shorter answers are not worth the work.
  private static final int LEAST_TO_COMPRESS = 1 << 10;

  private final HttpExchange exchange;
  private final boolean head;

  Outgoing(HttpExchange exchange) {
    this.exchange = exchange;
    this.head = exchange.getRequestMethod().equals("HEAD");
  }

  /// Sends an answer; the exchange is still to be closed.
  ///
  /// @throws IOException if the client is gone
  void send(Answer answer) throws IOException {
    headers(answer);
    switch (answer.content()) {
      case Answer.Nothing _ -> exchange.sendResponseHeaders(answer.status(), -1);
      case Answer.Bytes(byte[] bytes) -> bytes(answer.status(), bytes);
      case Answer.Streamed(Answer.Stream stream) -> stream(answer.status(), 0, stream);
      case Answer.Sized(long length, Answer.Stream stream) -> sized(answer, length, stream);
    }
  }

  private void headers(Answer answer) {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    answer.headers().forEach(headers::set);
    if (answer.closes()) {
      headers.set("Connection", "close");
    }
  }

  private void bytes(int status, byte[] plain) throws IOException {
    byte[] bytes = compressible(plain) ? compressed(plain) : plain;
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
    }
    if (head || bytes.length == 0) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, bytes.length);
    OutputStream out = exchange.getResponseBody();
    out.write(bytes);
    // Closing says nothing of a connection that is dead.
    out.flush();
  }

  private boolean compressible(byte[] bytes) {
    if (bytes.length < LEAST_TO_COMPRESS) {
      return false;
    }
    exchange.getResponseHeaders().set("Vary", "Accept-Encoding");
    String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
    return accepted != null && accepted.contains("gzip") && !accepted.contains("gzip;q=0");
  }

  private byte[] compressed(byte[] bytes) throws IOException {
    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4);
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  private void sized(Answer answer, long length, Answer.Stream stream) throws IOException {
    if (head || length == 0) {
      exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
      exchange.sendResponseHeaders(answer.status(), -1);
    } else {
      stream(answer.status(), length, stream);
    }
  }

  private void stream(int status, long length, Answer.Stream stream) throws IOException {
    exchange.sendResponseHeaders(status, head ? -1 : length);
    if (!head) {
      stream.write(exchange.getResponseBody());
    }
  }
}
