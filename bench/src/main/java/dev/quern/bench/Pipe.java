package dev.quern.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A connection that is kept for one request after the other. It knows as much of HTTP as Quern's
/// answers need, and takes as little of the processor as it can.
final class Pipe implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final Socket socket;
  private final InputStream in;

  /// What was answered.
  record Reply(int status, String body) {
    /// Its body, if it has this status.
    ///
    /// @throws IOException if it has not
    String expect(int wanted) throws IOException {
      if (status != wanted) {
        throw new IOException(status + " instead of " + wanted + ": " + body);
      }
      return body;
    }
  }

  Pipe(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), BUFFER);
  }

  // ---- requests

  /// A request with a body of JSON, byte by byte.
  static byte[] post(String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return head("POST " + path, "application/json", "Content-Length: " + body.length, json);
  }

  /// A request without a body.
  static byte[] get(String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /// A request with a body.
  ///
  /// @param line method and path
  /// @param header one more, which tells how long the body is
  static byte[] head(String line, String type, String header, String body) {
    return "%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%s\r\n\r\n%s"
        .formatted(line, type, header, body)
        .getBytes(StandardCharsets.UTF_8);
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /// Sends a request and waits for its answer.
  Reply ask(byte[] request) throws IOException {
    send(request);
    return receive();
  }

  // ---- answers

  /// Waits for an answer and reads no more of it than its status.
  int status() throws IOException {
    return Integer.parseInt(line().substring(9, 12));
  }

  /// Waits for an answer and reads it as a whole.
  Reply receive() throws IOException {
    int status = status();
    long length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      length = length(header, length);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    read(length, body);
    return new Reply(status, body.toString(StandardCharsets.UTF_8));
  }

  /// The length of the body, if this header tells it, else what is known so far; -1 if it comes in
  /// chunks.
  private static long length(String header, long known) {
    if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
      return Long.parseLong(header.substring(15).strip());
    }
    return header.regionMatches(true, 0, "Transfer-Encoding:", 0, 18) ? -1 : known;
  }

  private void read(long length, ByteArrayOutputStream body) throws IOException {
    if (length >= 0) {
      body.write(in.readNBytes((int) length));
      return;
    }
    for (int size = chunk(); size > 0; size = chunk()) {
      body.write(in.readNBytes(size));
      line();
    }
    line();
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      line.append((char) c);
    }
    line.setLength(line.length() - 1);
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
