package dev.quern.json;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A JSON object.
///
/// @param members the values by name, in the order of the text; copied, unmodifiable
public record JsonObject(Map<String, JsonValue> members) implements JsonValue {

  /// Keeps a copy of `members`.
  public JsonObject {
    members = Collections.unmodifiableMap(members instanceof Parsed ? members : copy(members));
  }

  /// The value called `name`.
  public Optional<JsonValue> get(String name) {
    return Optional.ofNullable(members.get(name));
  }

  private static Map<String, JsonValue> copy(Map<String, JsonValue> members) {
    var copy = new LinkedHashMap<String, JsonValue>();
    members.forEach((name, value) -> copy.put(requireNonNull(name), requireNonNull(value)));
    return copy;
  }

  /// Members that the parser has collected and gives away, so that no copy is needed.
  @SuppressWarnings("serial")
  static final class Parsed extends LinkedHashMap<String, JsonValue> {}
}
