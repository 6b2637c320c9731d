package dev.quern.json;

/// What text a store can keep: no NUL, no lone surrogates.
public final class Texts {
  private Texts() {}

  /// The text itself, or a copy in which each unstorable character is U+FFFD.
  public static String storable(String text) {
    if (firstUnstorable(text) < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text);
    for (int i = firstUnstorable(out); i >= 0; i = firstUnstorable(out)) {
      out.setCharAt(i, '\uFFFD');
    }
    return out.toString();
  }

  /// The text cut to a limit, which a last `…` shows, and storable.
  public static String cut(String text, int limit) {
    return storable(text.length() <= limit ? text : text.substring(0, limit - 1) + "…");
  }

  /// Refuses text that is empty, too long, or holds what a store cannot keep.
  ///
  /// @throws IllegalArgumentException with the name, the value's length and the limit
  public static String checked(String name, String text, int limit) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(name + " is empty");
    }
    if (text.length() > limit) {
      throw new IllegalArgumentException(
          "%s of %,d characters: at most %,d are allowed".formatted(name, text.length(), limit));
    }
    int bad = firstUnstorable(text);
    if (bad >= 0) {
      throw new IllegalArgumentException(
          "%s holds U+%04X at position %d, which no database keeps"
              .formatted(name, (int) text.charAt(bad), bad));
    }
    return text;
  }

  /// The index of the first NUL or lone surrogate, or -1.
  static int firstUnstorable(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return i;
      }
      if (Character.isSurrogate(c)) {
        if (!pairAt(text, i)) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private static boolean pairAt(CharSequence text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        && i + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(i + 1));
  }
}
