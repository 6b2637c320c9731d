package dev.quern.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Many slow clients, and when the server lets go of each.
final class SlowCrowd implements AutoCloseable {
  /// So that little of an answer is under way.
  private static final int RECEIVE_BUFFER = 4 << 10;

  private static final long DRAIN_NANOS = 20_000_000_000L;

  private final Selector selector = Selector.open();
  private final List<Slow> clients = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);

  /// One of them.
  private static final class Slow {
    final SlowKind kind;
    final SocketChannel channel;
    final long since;
    long letGo;

    Slow(SlowKind kind, SocketChannel channel) {
      this.kind = kind;
      this.channel = channel;
      this.since = System.nanoTime();
    }

    boolean open() {
      return letGo == 0;
    }
  }

  SlowCrowd() throws IOException {}

  /// Connects another client.
  void add(int port, SlowKind kind) throws IOException {
    SocketChannel channel = SocketChannel.open();
    if (kind == SlowKind.DEAF) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
    }
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.write(ByteBuffer.wrap(kind.bytes().getBytes(StandardCharsets.US_ASCII)));
    channel.configureBlocking(false);
    Slow slow = new Slow(kind, channel);
    clients.add(slow);
    if (kind != SlowKind.DEAF) {
      channel.register(selector, SelectionKey.OP_READ, slow);
    }
  }

  /// Looks for a while who has been let go of. The deaf are not looked at: to look is to read.
  void watch(long millis) throws IOException {
    long end = System.nanoTime() + millis * 1_000_000;
    for (long left = millis; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      selector.select(key -> look((Slow) key.attachment()), left);
    }
  }

  private void look(Slow slow) {
    buffer.clear();
    try {
      if (slow.channel.read(buffer) < 0) {
        letGo(slow);
      }
    } catch (IOException reset) {
      letGo(slow);
    }
  }

  private static void letGo(Slow slow) {
    slow.letGo = System.nanoTime();
    try {
      slow.channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Has the deaf read at last. Who was let go of finds what the system had in its buffers, and
  /// then the end, before the last answer.
  void listen() throws IOException {
    for (Slow slow : clients) {
      if (slow.kind == SlowKind.DEAF && slow.open() && cutOff(slow.channel)) {
        letGo(slow);
      }
    }
  }

  /// Whether the connection ends. A server that has not let go goes on to answer.
  private boolean cutOff(SocketChannel channel) throws IOException {
    long deadline = System.nanoTime() + DRAIN_NANOS;
    long read = 0;
    while (System.nanoTime() < deadline && read < (long) SlowKind.QUESTIONS * (60 << 10)) {
      buffer.clear();
      try {
        int count = channel.read(buffer);
        if (count < 0) {
          return true;
        }
        read += count;
      } catch (IOException reset) {
        return true;
      }
    }
    return false;
  }

  /// How many of a kind are still connected.
  long open(SlowKind kind) {
    return clients.stream().filter(slow -> slow.kind == kind && slow.open()).count();
  }

  long open() {
    return clients.stream().filter(Slow::open).count();
  }

  /// How long the last of each kind was borne, in seconds.
  Map<SlowKind, Double> longest() {
    Map<SlowKind, Double> longest = new EnumMap<>(SlowKind.class);
    clients.stream()
        .filter(slow -> !slow.open() && slow.kind != SlowKind.DEAF)
        .forEach(slow -> longest.merge(slow.kind, (slow.letGo - slow.since) / 1e9, Math::max));
    return longest;
  }

  @Override
  public void close() throws IOException {
    for (Slow slow : clients) {
      slow.channel.close();
    }
    selector.close();
  }
}
