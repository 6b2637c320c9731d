package dev.quern.json;

/// JSON's `null`, which is a value and not an absence.
public record JsonNull() implements JsonValue {

  static final JsonNull NULL = new JsonNull();
}
