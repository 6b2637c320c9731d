package dev.quern.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Percent-encoded text and bytes of UTF-8, read strictly.
final class Percent {
  private Percent() {}

  /// The text of a part of a target.
  ///
  /// @throws Problem if it is not UTF-8
  static String decode(String raw) {
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    ByteBuffer bytes = ByteBuffer.allocate(raw.length() * 3);
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) == '%') {
        bytes.put((byte) Integer.parseInt(raw, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.put(String.valueOf(raw.charAt(i)).getBytes(StandardCharsets.UTF_8));
      }
    }
    return utf8(bytes.flip());
  }

  /// The text of bytes.
  ///
  /// @throws Problem if they are not UTF-8
  static String utf8(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException _) {
      throw Problem.of(Fault.SYNTAX, "this is not UTF-8, at byte " + bytes.position());
    }
  }
}
