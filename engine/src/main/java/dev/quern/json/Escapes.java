package dev.quern.json;

/// What the characters of a JSON string stand for, one UTF-16 unit at a time.
final class Escapes {

  /// The end of an escape that JSON does not have.
  static final int UNKNOWN = -1;

  private static final int UNICODE_LENGTH = 6;

  private Escapes() {}

  /// Where the escape at `at` ends, or [#UNKNOWN] if there is no escape.
  static int end(String text, int at) {
    if (at + 1 >= text.length() || text.charAt(at) != '\\') {
      return UNKNOWN;
    }
    return switch (text.charAt(at + 1)) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 2;
      case 'u' -> hasFourHexDigits(text, at + 2) ? at + UNICODE_LENGTH : UNKNOWN;
      default -> UNKNOWN;
    };
  }

  /// The unit that the character or escape at `at` stands for.
  static char unit(String text, int at) {
    char c = text.charAt(at);
    return c == '\\' ? escaped(text, at) : c;
  }

  /// Where the unit after the one at `at` begins.
  static int next(String text, int at) {
    if (text.charAt(at) != '\\') {
      return at + 1;
    }
    return at + (text.charAt(at + 1) == 'u' ? UNICODE_LENGTH : 2);
  }

  /// The characters between `begin` and `end`, with the escapes replaced.
  static String replace(String text, int begin, int end) {
    var replaced = new StringBuilder(end - begin);
    for (int at = begin; at < end; at = next(text, at)) {
      replaced.append(unit(text, at));
    }
    return replaced.toString();
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static char escaped(String text, int at) {
    char letter = text.charAt(at + 1);
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> (char) Integer.parseInt(text, at + 2, at + UNICODE_LENGTH, 16);
      default -> letter;
    };
  }

  private static boolean hasFourHexDigits(String text, int at) {
    if (at + 4 > text.length()) {
      return false;
    }
    for (int digit = at; digit < at + 4; digit++) {
      if (!isHexDigit(text.charAt(digit))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHexDigit(char c) {
    return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
  }
}
