package dev.quern.json;

import java.util.List;

/// A JSON array.
///
/// @param elements the values in order; copied, unmodifiable
public record JsonArray(List<JsonValue> elements) implements JsonValue {

  /// Keeps a copy of `elements`.
  public JsonArray {
    elements = List.copyOf(elements);
  }
}
