package dev.quern.trust;

import java.util.Arrays;

/// The bytes of a file, which grow as it is written.
final class Content {
  private byte[] bytes;
  private int length;

  Content() {
    bytes = new byte[0];
  }

  private Content(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  Content copy() {
    return new Content(Arrays.copyOf(bytes, length), length);
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /// Writes a part of `data`; what is skipped is zero.
  void write(int at, byte[] data, int from, int count) {
    reserve(at + count);
    System.arraycopy(data, from, bytes, at, count);
    length = Math.max(length, at + count);
  }

  /// Cuts it, or makes it longer with zeros.
  void resize(int size) {
    reserve(size);
    if (size < length) {
      Arrays.fill(bytes, size, length, (byte) 0);
    }
    length = size;
  }

  private void reserve(int size) {
    if (size > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size, bytes.length * 2));
    }
  }
}
