package dev.quern.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// A body that may be long: it may take a while, and a second more for each KiB that has come in,
/// so that nobody holds a place by sending a byte now and then.
abstract class Paced extends FilterInputStream {
  private static final int LEAST_RATE = 1 << 10;

  private final long length;
  private final Duration patience;
  private final long startedAt = System.nanoTime();
  private long count;

  /// @param length how many bytes there must be; the largest number if that is not known
  /// @param patience how long it may take besides
  Paced(InputStream body, long length, Duration patience) {
    super(body);
    this.length = length;
    this.patience = patience;
  }

  /// All has been read.
  abstract void atEnd();

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] buffer, int offset, int most) throws IOException {
    Guard.current().within(left());
    int n = readSafely(buffer, offset, most);
    if (n < 0 && count < length && length != Long.MAX_VALUE) {
      throw Problem.closing(Fault.SYNTAX, "the body is shorter than its length");
    }
    count += Math.max(0, n);
    if (n < 0 || count == length) {
      atEnd();
    }
    return n;
  }

  private Duration left() {
    return patience.plusSeconds(count / LEAST_RATE).minusNanos(System.nanoTime() - startedAt);
  }

  private int readSafely(byte[] buffer, int offset, int most) throws IOException {
    try {
      return super.read(buffer, offset, most);
    } catch (RuntimeException _) {
      // The JDK's reader of chunks stumbles over sizes that are none.
      throw Problem.closing(Fault.SYNTAX, "the chunks make no sense");
    }
  }
}
