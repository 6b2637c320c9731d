package dev.quern.json;

/// `true` or `false`.
///
/// @param value which one
public record JsonBoolean(boolean value) implements JsonValue {

  static final JsonBoolean TRUE = new JsonBoolean(true);
  static final JsonBoolean FALSE = new JsonBoolean(false);
}
