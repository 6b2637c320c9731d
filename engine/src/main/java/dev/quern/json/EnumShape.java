package dev.quern.json;

import java.util.HashMap;
import java.util.Map;

/// An enum: the names of its constants.
final class EnumShape implements KeyShape {

  private final Class<?> type;
  private final Map<String, Enum<?>> constants = new HashMap<>();

  /// @param type the class of the enum, or of a constant that has its own
  EnumShape(Class<?> type) {
    this.type = type.isEnum() ? type : type.getSuperclass();
    for (var constant : this.type.getEnumConstants()) {
      constants.put(((Enum<?>) constant).name(), (Enum<?>) constant);
    }
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.value(nameOf(value));
  }

  @Override
  public Object read(JsonValue json) {
    if (json instanceof JsonString string) {
      return keyOf(string.value());
    }
    throw mismatch(json);
  }

  @Override
  public String nameOf(Object key) {
    return ((Enum<?>) key).name();
  }

  @Override
  public Object keyOf(String name) {
    var constant = constants.get(name);
    if (constant == null) {
      throw mismatch(new JsonString(name));
    }
    return constant;
  }

  private Misfit mismatch(JsonValue found) {
    return Misfit.expected("a name of the enum " + type.getSimpleName(), found);
  }
}
