package dev.quern.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Connections that send the same request over and over, each when it has the answer to the last.
/// One thread drives them all, so that the client takes little of what the server needs.
final class Crowd implements AutoCloseable {
  private static final int LONGEST_ANSWER = 4 << 10;
  private static final Pattern LENGTH =
      Pattern.compile("(?i)\r\nContent-Length: *(\\d+)(?s:.*?)\r\n\r\n");

  private final Selector selector = Selector.open();
  private final byte[] request;
  private final int connections;
  private long answers;
  private int open;

  /// @param request what is sent; it is answered with 201 and a short body
  Crowd(int port, int connections, byte[] request) throws IOException {
    this.request = request;
    this.connections = connections;
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (int i = 0; i < connections; i++) {
      SocketChannel channel = SocketChannel.open(server);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(LONGEST_ANSWER));
    }
  }

  /// Sends for a while and waits for the last answers.
  ///
  /// @return answers a second
  double run(long nanos) throws IOException {
    long began = System.nanoTime();
    answers = 0;
    for (SelectionKey each : selector.keys()) {
      send(each);
    }
    open = connections;
    while (open > 0) {
      boolean more = System.nanoTime() - began < nanos;
      selector.select(key -> look(key, more));
    }
    return Rate.per(answers, System.nanoTime() - began);
  }

  private void send(SelectionKey key) throws IOException {
    int written = ((SocketChannel) key.channel()).write(ByteBuffer.wrap(request));
    if (written < request.length) {
      throw new IOException("a request of " + request.length + " bytes was not taken as a whole");
    }
  }

  private void look(SelectionKey key, boolean more) {
    try {
      if (!whole(key)) {
        return;
      }
      answers++;
      if (more) {
        send(key);
      } else {
        open--;
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// Reads what there is, and tells whether it is an answer as a whole.
  private static boolean whole(SelectionKey key) throws IOException {
    ByteBuffer answer = (ByteBuffer) key.attachment();
    if (((SocketChannel) key.channel()).read(answer) < 0) {
      throw new IOException("the server closed a connection");
    }
    String text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
    Matcher head = LENGTH.matcher(text);
    boolean whole =
        head.find() && answer.position() == head.end() + Integer.parseInt(head.group(1));
    if (whole && !text.startsWith("HTTP/1.1 201")) {
      throw new IOException(text);
    }
    if (whole) {
      answer.clear();
    }
    return whole;
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey each : selector.keys()) {
      each.channel().close();
    }
    selector.close();
  }
}
