package dev.quern.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// A connection to an HTTP server of this machine, on which one request follows the other, byte by
/// byte as a test wants them.
public final class Dialogue implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /// What was answered.
  ///
  /// @param headers by their names, in any case
  public record Reply(int status, Map<String, String> headers, String body) {
    /// A header; empty if there is none.
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /// Connects.
  ///
  /// @param patience how long an answer may take
  public Dialogue(int port, Duration patience) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) patience.toMillis());
    in = new BufferedInputStream(socket.getInputStream());
  }

  // ---- requests

  /// A request without a body.
  public static byte[] get(String path) {
    return latin("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  /// A request with a body of a type.
  public static byte[] post(String path, String type, byte[] body) {
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, type, body.length);
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(latin(head));
    request.writeBytes(body);
    return request.toByteArray();
  }

  /// A request with a body of JSON.
  public static byte[] post(String path, String json) {
    return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Sends bytes. A server may refuse a request before it has read all of it: what then fails is
  /// told by its answer.
  public void send(byte[] bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
    } catch (IOException _) {
      // It has answered, or closed the connection.
    }
  }

  /// Sends a request and waits for its answer.
  public Reply ask(byte[] request) throws IOException {
    send(request);
    return receive();
  }

  // ---- answers

  /// Waits for an answer and reads it as a whole.
  ///
  /// @throws EOFException if the connection was closed instead
  /// @throws SocketTimeoutException if it takes too long
  public Reply receive() throws IOException {
    String line = line();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    return new Reply(Integer.parseInt(line.substring(9, 12)), headers, body(headers));
  }

  private String body(Map<String, String> headers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (headers.containsKey("Transfer-Encoding")) {
      for (int size = chunk(); size > 0; size = chunk()) {
        body.writeBytes(in.readNBytes(size));
        line();
      }
      line();
    } else {
      int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
      body.writeBytes(in.readNBytes(length));
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed");
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }

  /// Whether the server has closed the connection, or does so before the patience ends.
  public boolean closed() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
