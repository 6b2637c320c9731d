package dev.quern.json;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A sealed interface: one of the records that it, or a sealed interface below it, permits. The
/// member [#TAG] says which one; the record's own shape writes it.
final class SealedShape implements Shape {

  /// The member with the simple name of the record.
  static final String TAG = "type";

  private final Map<String, Shape> byName;
  private final Map<Class<?>, Shape> byClass;

  private SealedShape(Map<String, Shape> byName, Map<Class<?>, Shape> byClass) {
    this.byName = byName;
    this.byClass = byClass;
  }

  static SealedShape of(TypeRef type, Planner planner) {
    var leaves = new LinkedHashSet<TypeRef>();
    addLeaves(type, type, leaves);
    var byName = new TreeMap<String, Shape>();
    var byClass = new HashMap<Class<?>, Shape>();
    for (var leaf : leaves) {
      var shape = planner.shapeOf(leaf);
      byClass.put(leaf.raw(), shape);
      if (byName.put(leaf.raw().getSimpleName(), shape) != null) {
        throw new IllegalArgumentException(
            type + " permits two records called " + leaf.raw().getSimpleName());
      }
    }
    return new SealedShape(byName, byClass);
  }

  /// Whether a record is written with its simple name.
  static boolean tags(Class<?> record) {
    for (var above : record.getInterfaces()) {
      if (above.isSealed()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void write(Object value, JsonWriter out) {
    byClass.get(value.getClass()).write(value, out);
  }

  @Override
  public Object read(JsonValue json) {
    if (!(json instanceof JsonObject object)) {
      throw Misfit.expected("an object", json);
    }
    var tag = object.members().get(TAG);
    if (tag == null) {
      throw new Misfit("the member " + TAG + " is missing: expected " + names());
    }
    return shapeCalled(tag).read(object);
  }

  private Shape shapeCalled(JsonValue tag) {
    var shape = tag instanceof JsonString name ? byName.get(name.value()) : null;
    if (shape == null) {
      throw Misfit.expected(names(), tag).inMember(TAG);
    }
    return shape;
  }

  private String names() {
    return String.join(" or ", byName.keySet());
  }

  private static void addLeaves(TypeRef root, TypeRef type, Set<TypeRef> leaves) {
    for (var permitted : type.raw().getPermittedSubclasses()) {
      var below = type.subtype(permitted);
      if (permitted.isRecord()) {
        leaves.add(requireFreeTag(below));
      } else if (permitted.isSealed() && permitted.isInterface()) {
        addLeaves(root, below, leaves);
      } else {
        throw new IllegalArgumentException(
            root + " permits " + below + ", which is neither a record nor a sealed interface");
      }
    }
  }

  private static TypeRef requireFreeTag(TypeRef record) {
    for (var component : record.raw().getRecordComponents()) {
      if (component.getName().equals(TAG)) {
        throw new IllegalArgumentException(
            "record "
                + record
                + " has a component called "
                + TAG
                + ", which is the member that tells it from the others of its sealed interface");
      }
    }
    return record;
  }
}
