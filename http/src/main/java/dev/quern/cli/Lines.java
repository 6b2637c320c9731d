package dev.quern.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads lines of UTF-8, one at a time and none longer than a limit. For one thread.
final class Lines {
  private final InputStream in;
  private final int limit;
  private long number;

  /// @param limit the longest line, in bytes
  Lines(InputStream in, int limit) {
    this.in = new BufferedInputStream(in, 1 << 16);
    this.limit = limit;
  }

  /// The number of the line that was read last, from 1.
  long number() {
    return number;
  }

  /// The next line without its end; empty after the last.
  ///
  /// @throws IllegalArgumentException if it is too long or no UTF-8
  Optional<String> next() throws IOException {
    int first = in.read();
    if (first < 0) {
      return Optional.empty();
    }
    number++;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = first; b >= 0 && b != '\n'; b = in.read()) {
      if (line.size() == limit) {
        throw new IllegalArgumentException("longer than %,d bytes".formatted(limit));
      }
      line.write(b);
    }
    return Optional.of(utf8(line.toByteArray()));
  }

  /// Whether the next line may be long in coming.
  boolean idle() throws IOException {
    return in.available() == 0;
  }

  /// Bytes as text.
  ///
  /// @throws IllegalArgumentException if they are no UTF-8
  static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw new IllegalArgumentException("not UTF-8");
    }
  }
}
