package dev.quern.cli;

import java.util.Locale;
import java.util.stream.Collectors;

/// Text as a terminal shows it.
final class Text {
  private Text() {}

  /// The text on one line, and harmless to a terminal: white space becomes a blank, other control
  /// characters U+FFFD.
  static String oneLine(String text) {
    return text.chars().noneMatch(Text::control)
        ? text
        : text.codePoints().mapToObj(Text::shown).collect(Collectors.joining());
  }

  private static String shown(int point) {
    if (!control(point)) {
      return Character.toString(point);
    }
    return Character.isWhitespace(point) ? " " : "\uFFFD";
  }

  private static boolean control(int point) {
    return Character.getType(point) == Character.CONTROL || point == 0x2028 || point == 0x2029;
  }

  /// The text, or its beginning with `…` when it is wider than `width` columns.
  static String cut(String text, int width) {
    if (width(text) <= width) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    int room = width - 1;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int point = text.codePointAt(i);
      room -= width(point);
      if (room < 0) {
        break;
      }
      kept.appendCodePoint(point);
    }
    return kept.append("…").toString();
  }

  /// A number of bytes for people: `512 B`, `1.5 MiB`.
  static String bytes(long bytes) {
    if (bytes < 1_024) {
      return bytes + " B";
    }
    int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    return String.format(
        Locale.ROOT, "%.1f %ciB", bytes / Math.pow(1_024, unit), "KMGTPE".charAt(unit - 1));
  }

  /// How many columns the text takes.
  static int width(String text) {
    return text.codePoints().map(Text::width).sum();
  }

  private static int width(int point) {
    if (point < 0x300) {
      return 1;
    }
    int type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    return wide(point) ? 2 : 1;
  }

  private static boolean wide(int point) {
    return (point >= 0x1100 && point <= 0x115f)
        || (point >= 0x2e80 && point <= 0xa4cf)
        || (point >= 0xac00 && point <= 0xd7a3)
        || (point >= 0xf900 && point <= 0xfaff)
        || (point >= 0xfe30 && point <= 0xfe6f)
        || (point >= 0xff00 && point <= 0xff60)
        || (point >= 0x1f300 && point <= 0x1faff)
        || point >= 0x20000;
  }
}
