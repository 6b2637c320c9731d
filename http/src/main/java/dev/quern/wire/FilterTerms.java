package dev.quern.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Takes the text of a filter apart into its terms.
final class FilterTerms {
  /// The fields that take several values.
  private static final Set<String> LISTS = Set.of("state", "kind", "id");

  private final String text;
  private int at;

  FilterTerms(String text) {
    this.text = text;
  }

  /// A value and its position.
  record Value(String text, int at) {}

  /// A term.
  ///
  /// @param name what is before its values: `-kind:`
  /// @param at its position
  record Term(String name, int at, List<Value> values) {
    boolean excludes() {
      return name.startsWith("-");
    }

    String value() {
      return values.getFirst().text();
    }
  }

  static IllegalArgumentException refused(int at, String why) {
    return new IllegalArgumentException("at position %d: %s".formatted(at, why));
  }

  /// What is refused gets a position.
  static <T> T checked(int at, Supplier<T> call) {
    try {
      return call.get();
    } catch (IllegalArgumentException bad) {
      throw refused(at, bad.getMessage());
    }
  }

  List<Term> all() {
    List<Term> terms = new ArrayList<>();
    for (spaces(); at < text.length(); spaces()) {
      terms.add(term());
    }
    return terms;
  }

  private void spaces() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private Term term() {
    int begin = at;
    take("-");
    int field = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    boolean list = LISTS.contains(text.substring(field, at));
    if (field == at || !operator()) {
      throw refused(begin, "expected a term such as state:failed or error:\"no such host\"");
    }
    return new Term(text.substring(begin, at), begin, values(list));
  }

  private boolean operator() {
    return take(":") || take(">=") || take(">") || take("<=") || take("<");
  }

  private boolean take(String token) {
    boolean there = text.startsWith(token, at);
    at += there ? token.length() : 0;
    return there;
  }

  private List<Value> values(boolean list) {
    List<Value> values = new ArrayList<>();
    do {
      int begin = at;
      values.add(new Value(take("\"") ? inQuotes(begin) : bare(list), begin));
    } while (list && take(","));
    if (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
      throw refused(at, "expected a space after the value");
    }
    return values;
  }

  private String inQuotes(int begin) {
    StringBuilder value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      if (take("\\") && !text.startsWith("\\", at) && !text.startsWith("\"", at)) {
        throw refused(at - 1, "in quotes a backslash stands before a quote or a backslash");
      }
      value.append(text.charAt(at++));
    }
    if (!take("\"")) {
      throw refused(begin, "the quote is not closed");
    }
    return value.toString();
  }

  private String bare(boolean list) {
    int begin = at;
    while (at < text.length() && plain(text.charAt(at)) && !(list && text.charAt(at) == ',')) {
      at++;
    }
    if (begin == at) {
      throw refused(begin, "expected a value");
    }
    return text.substring(begin, at);
  }

  private static boolean plain(char c) {
    return c != '"' && !Character.isWhitespace(c);
  }

  /// A value as it is read again: in quotes where it must be.
  static String quoted(String value) {
    boolean bare = !value.isEmpty() && value.chars().allMatch(c -> c != ',' && plain((char) c));
    return bare ? value : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
