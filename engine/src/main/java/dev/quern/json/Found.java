package dev.quern.json;

/// How a message names what was found where something else was expected.
final class Found {

  private static final int LONGEST_EXCERPT = 40;
  private static final char REPLACEMENT = '\uFFFD';
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Found() {}

  /// The char, or the word, at `at` in a text.
  static String at(String text, int at) {
    if (at >= text.length()) {
      return "the end of the text";
    }
    char c = text.charAt(at);
    if (c == BYTE_ORDER_MARK) {
      return "a byte order mark (" + codeOf(c) + ")";
    }
    if (c <= ' ' || c >= 0x7F || c == '\'') {
      return codeOf(c);
    }
    return "'" + text.substring(at, endOfWord(text, at)) + "'";
  }

  /// A value: a short one as JSON, others as what they are.
  static String value(JsonValue value) {
    return switch (value) {
      case JsonObject _ -> "an object";
      case JsonArray _ -> "an array";
      case JsonString string -> '"' + excerpt(string.value()) + '"';
      case JsonNumber number -> excerpt(number.text());
      case JsonBoolean truth -> String.valueOf(truth.value());
      case JsonNull _ -> "null";
    };
  }

  /// The code of a char, such as `U+000A`.
  static String codeOf(char c) {
    return String.format("U+%04X", (int) c);
  }

  /// The beginning of `text`, with only such characters as any reader of the message can take.
  static String excerpt(String text) {
    var excerpt = new StringBuilder();
    text.codePoints()
        .limit(LONGEST_EXCERPT)
        .map(c -> isPrintable(c) ? c : REPLACEMENT)
        .forEach(excerpt::appendCodePoint);
    return excerpt.append(excerpt.length() < text.length() ? "…" : "").toString();
  }

  private static int endOfWord(String text, int at) {
    int limit = Math.min(text.length(), at + LONGEST_EXCERPT);
    int end = at;
    while (end < limit && isLetter(text.charAt(end))) {
      end++;
    }
    return Math.max(end, at + 1);
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static boolean isPrintable(int c) {
    return !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
  }
}
