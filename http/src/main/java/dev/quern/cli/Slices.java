package dev.quern.cli;

import dev.quern.json.Json;
import dev.quern.json.JsonString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Takes a JSON text apart without changing a character of its parts, nor the blanks around them: a
/// payload is shown as it was written.
final class Slices {
  private final String text;
  private int at;

  private Slices(String text) {
    this.text = text;
  }

  /// The members of an object.
  ///
  /// @param object has been checked ([Json#check])
  /// @throws IllegalArgumentException if it is none
  static Map<String, String> members(String object) {
    Slices slices = new Slices(object);
    slices.open('{');
    Map<String, String> members = new LinkedHashMap<>();
    while (slices.more()) {
      String name = ((JsonString) Json.parse(slices.value())).value();
      slices.at++;
      members.put(name, slices.value());
    }
    return members;
  }

  /// The elements of an array.
  ///
  /// @param array has been checked
  /// @throws IllegalArgumentException if it is none
  static List<String> elements(String array) {
    Slices slices = new Slices(array);
    slices.open('[');
    List<String> elements = new ArrayList<>();
    while (slices.more()) {
      elements.add(slices.value());
    }
    return elements;
  }

  private void open(char bracket) {
    blanks();
    if (at == text.length() || text.charAt(at) != bracket) {
      throw new IllegalArgumentException("no " + bracket + " at position " + at);
    }
    at++;
  }

  /// Goes to the next value; false at the end.
  private boolean more() {
    blanks();
    if (text.charAt(at) == ',') {
      at++;
      return true;
    }
    return text.charAt(at) != '}' && text.charAt(at) != ']';
  }

  private void blanks() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  private String value() {
    int from = at;
    blanks();
    switch (text.charAt(at)) {
      case '"' -> string();
      case '{', '[' -> nested();
      default -> plain();
    }
    blanks();
    return text.substring(from, at);
  }

  private void string() {
    at++;
    while (text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
  }

  private void nested() {
    int depth = 0;
    do {
      switch (text.charAt(at)) {
        case '"' -> {
          string();
          at--;
        }
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
      at++;
    } while (depth > 0);
  }

  private void plain() {
    while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
  }
}
