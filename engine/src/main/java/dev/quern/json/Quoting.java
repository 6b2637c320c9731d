package dev.quern.json;

/// Puts text in JSON's quotes. Escaped is what RFC 8259 demands, and U+2028 and U+2029, which
/// JavaScript once took for line ends.
final class Quoting {

  private static final char LINE_SEPARATOR = '\u2028';
  private static final char PARAGRAPH_SEPARATOR = '\u2029';

  private Quoting() {}

  static void append(String text, StringBuilder out) {
    out.append('"');
    int begin = 0;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (isSpecial(c)) {
        out.append(text, begin, at);
        at += appendSpecial(text, at, c, out);
        begin = at + 1;
      }
    }
    out.append(text, begin, text.length()).append('"');
  }

  private static boolean isSpecial(char c) {
    return c < ' '
        || c == '"'
        || c == '\\'
        || c >= LINE_SEPARATOR && (c <= PARAGRAPH_SEPARATOR || Character.isSurrogate(c));
  }

  /// Appends the special char, or pair, at `at`, and returns how many chars it took beyond one.
  private static int appendSpecial(String text, int at, char c, StringBuilder out) {
    if (Character.isSurrogate(c)) {
      out.append(text, at, endOfPair(text, at));
      return 1;
    }
    if (c == 0) {
      throw new IllegalArgumentException("a string has NUL at " + at + ": not possible in JSON");
    }
    appendEscape(c, out);
    return 0;
  }

  private static int endOfPair(String text, int at) {
    if (at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1))) {
      return at + 2;
    }
    throw new IllegalArgumentException(
        "a string has half a surrogate pair (%s) at %d: not possible in JSON"
            .formatted(Found.codeOf(text.charAt(at)), at));
  }

  private static void appendEscape(char c, StringBuilder out) {
    switch (c) {
      case '"', '\\' -> out.append('\\').append(c);
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> out.append(String.format("\\u%04x", (int) c));
    }
  }
}
