package dev.quern.json;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// A map whose keys are the names in an object: any can be written, those of the JDK can be read.
final class MapShape implements Shape {

  private static final Map<Class<?>, Function<SequencedMap<Object, Object>, Map<Object, Object>>>
      MAKERS =
          Map.of(
              Map.class, Collections::unmodifiableSequencedMap,
              SequencedMap.class, Collections::unmodifiableSequencedMap,
              SortedMap.class, MapShape::unmodifiableSortedMap,
              NavigableMap.class, MapShape::unmodifiableSortedMap,
              HashMap.class, HashMap::new,
              LinkedHashMap.class, LinkedHashMap::new,
              TreeMap.class, TreeMap::new);

  private final TypeRef type;
  private final KeyShape key;
  private final Shape value;

  private MapShape(TypeRef type, KeyShape key, Shape value) {
    this.type = type;
    this.key = key;
    this.value = value;
  }

  /// A class that is not known here may have other type parameters than those of its keys and
  /// values, so these are written as what they are.
  static MapShape of(TypeRef type, Planner planner) {
    boolean known = MAKERS.containsKey(type.raw());
    var key = planner.shapeOf(known ? type.argument(0) : TypeRef.OBJECT);
    var value = planner.shapeOf(known ? type.argument(1) : TypeRef.OBJECT);
    return new MapShape(type, keyShape(type, key), value);
  }

  @Override
  public void write(Object map, JsonWriter out) {
    out.beginObject();
    var names = new HashSet<String>();
    ((Map<?, ?>) map).forEach((key, value) -> writeEntry(key, value, names, out));
    out.endObject();
  }

  @Override
  public Object read(JsonValue json) {
    var maker = MAKERS.get(type.raw());
    if (maker == null) {
      throw new Misfit("cannot make a " + type + ": use Map");
    }
    var entries = entries(json);
    try {
      return maker.apply(entries);
    } catch (ClassCastException e) {
      throw new Misfit("cannot make a " + type + ": " + e.getMessage());
    }
  }

  private void writeEntry(Object key, Object value, Set<String> names, JsonWriter out) {
    String name = nameOf(key);
    try {
      if (this.key == AnyShape.ANY && !names.add(name)) {
        throw new Misfit("two keys with this name");
      }
      out.name(name);
      this.value.writeOrNull(value, out);
    } catch (IllegalArgumentException e) {
      throw Misfit.of(e).inMember(name);
    }
  }

  private String nameOf(Object key) {
    if (key == null) {
      throw new Misfit("null is not possible as a key");
    }
    return this.key.nameOf(key);
  }

  private SequencedMap<Object, Object> entries(JsonValue json) {
    if (!(json instanceof JsonObject object)) {
      throw Misfit.expected("an object", json);
    }
    var entries = new LinkedHashMap<Object, Object>();
    object.members().forEach((name, member) -> readEntry(name, member, entries));
    return entries;
  }

  private void readEntry(String name, JsonValue member, Map<Object, Object> entries) {
    try {
      int before = entries.size();
      entries.put(key.keyOf(name), value.readOrNull(member));
      if (entries.size() == before) {
        throw new Misfit("another name stands for the same key");
      }
    } catch (IllegalArgumentException e) {
      throw Misfit.of(e).inMember(name);
    }
  }

  private static KeyShape keyShape(TypeRef map, Shape shape) {
    if (shape instanceof KeyShape key) {
      return key;
    }
    throw new IllegalArgumentException(
        "no JSON form for " + map + ": its keys are neither strings nor numbers in JSON");
  }

  private static Map<Object, Object> unmodifiableSortedMap(SequencedMap<Object, Object> entries) {
    return Collections.unmodifiableNavigableMap(new TreeMap<>(entries));
  }
}
