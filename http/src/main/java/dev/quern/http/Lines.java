package dev.quern.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The lines of a body as they come in. Only one is kept.
final class Lines {
  private static final int BUFFER = 64 << 10;

  private final InputStream in;
  private final int limit;
  private final Runnable atEnd;
  private final byte[] buffer = new byte[BUFFER];
  private int from;
  private int to;

  /// @param atEnd called when all has been read
  Lines(InputStream in, int limit, Runnable atEnd) {
    this.in = in;
    this.limit = limit;
    this.atEnd = atEnd;
  }

  /// Whether the next line may have to be waited for.
  boolean mustWait() {
    return from == to;
  }

  /// The next line that is not blank; empty after the last.
  ///
  /// @throws Problem if it is too long or not UTF-8; a line that is not UTF-8 has been read
  Optional<String> next() throws IOException {
    Optional<ByteBuffer> line = line();
    while (line.isPresent() && blank(line.get())) {
      line = line();
    }
    return line.map(Percent::utf8);
  }

  private static boolean blank(ByteBuffer line) {
    for (int i = 0; i < line.limit(); i++) {
      byte b = line.get(i);
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private Optional<ByteBuffer> line() throws IOException {
    ByteArrayOutputStream beginning = new ByteArrayOutputStream(0);
    while (true) {
      int end = lineFeed();
      if (end >= 0) {
        beginning.write(buffer, from, end - from);
        from = end + 1;
        return Optional.of(ByteBuffer.wrap(beginning.toByteArray()));
      }
      beginning.write(buffer, from, to - from);
      from = to;
      check(beginning.size());
      if (!fill()) {
        return beginning.size() == 0
            ? Optional.empty()
            : Optional.of(ByteBuffer.wrap(beginning.toByteArray()));
      }
    }
  }

  private int lineFeed() {
    for (int i = from; i < to; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void check(int length) {
    if (length > limit) {
      throw Problem.closing(
          Fault.PAYLOAD_TOO_LARGE, "a line of more than %,d bytes".formatted(limit));
    }
  }

  private int read() throws IOException {
    try {
      return in.read(buffer);
    } catch (RuntimeException _) {
      // The JDK's reader of chunks stumbles over sizes that are none.
      throw Problem.closing(Fault.SYNTAX, "the chunks make no sense");
    }
  }

  private boolean fill() throws IOException {
    int count = read();
    from = 0;
    to = Math.max(0, count);
    if (count < 0) {
      atEnd.run();
    }
    return count >= 0;
  }
}
