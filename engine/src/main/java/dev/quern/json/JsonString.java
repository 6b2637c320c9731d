package dev.quern.json;

import static java.util.Objects.requireNonNull;

/// A JSON string.
///
/// @param value the characters, without quotes and escapes
public record JsonString(String value) implements JsonValue {

  /// Takes any string; one that JSON cannot carry is refused when it is written.
  public JsonString {
    requireNonNull(value);
  }
}
