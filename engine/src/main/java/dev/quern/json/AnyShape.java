package dev.quern.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `Object`: written as the class it is, read as the Java type that is nearest to JSON.
final class AnyShape implements KeyShape {

  static final AnyShape ANY = new AnyShape();

  private AnyShape() {}

  @Override
  public void write(Object value, JsonWriter out) {
    if (value.getClass() == Object.class) {
      throw new Misfit("no JSON form for an Object that is nothing else");
    }
    Plans.of(value.getClass()).write(value, out);
  }

  @Override
  public String nameOf(Object key) {
    if (key.getClass() != Object.class && Plans.of(key.getClass()) instanceof KeyShape shape) {
      return shape.nameOf(key);
    }
    throw new Misfit("no JSON form for a key of " + key.getClass());
  }

  @Override
  public Object keyOf(String name) {
    return name;
  }

  @Override
  public Object read(JsonValue json) {
    return switch (json) {
      case JsonObject object -> map(object);
      case JsonArray array -> list(array);
      case JsonString string -> string.value();
      case JsonNumber number -> number(number);
      case JsonBoolean truth -> truth.value();
      case JsonNull _ -> null;
    };
  }

  private Map<String, Object> map(JsonObject object) {
    Map<String, Object> map = LinkedHashMap.newLinkedHashMap(object.members().size());
    object.members().forEach((name, value) -> map.put(name, read(value)));
    return Collections.unmodifiableMap(map);
  }

  private List<Object> list(JsonArray array) {
    var list = new ArrayList<>(array.elements().size());
    array.elements().forEach(value -> list.add(read(value)));
    return Collections.unmodifiableList(list);
  }

  private static Number number(JsonNumber number) {
    if (number.hasDigitsOnly()) {
      try {
        return number.longValue();
      } catch (IllegalArgumentException _) {
        // Too large for a long, which is no error here.
      }
    }
    return number.decimalValue();
  }
}
