package dev.quern.json;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.RecordComponent;

/// A component of a record, and the member that stands for it.
final class Component {

  private final String name;
  private final String quotedName;
  private final Shape shape;
  private final MethodHandle accessor;

  private Component(String name, Shape shape, MethodHandle accessor) {
    this.name = name;
    this.quotedName = Json.quote(name) + ":";
    this.shape = shape;
    this.accessor = accessor;
  }

  static Component of(RecordComponent component, TypeRef record, Planner planner) {
    try {
      var shape = planner.shapeOf(record.resolve(component.getGenericType()));
      return new Component(component.getName(), shape, RecordAccess.accessor(component));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "component %s of record %s: %s".formatted(component.getName(), record, e.getMessage()),
          e);
    }
  }

  boolean isCalled(String other) {
    return name.equals(other);
  }

  void write(Object record, JsonWriter out) {
    try {
      out.quotedName(quotedName);
      shape.writeOrNull(valueIn(record), out);
    } catch (IllegalArgumentException e) {
      throw Misfit.of(e).inMember(name);
    }
  }

  Object read(JsonObject object) {
    var json = object.members().get(name);
    try {
      return json == null ? shape.ofAbsence() : shape.readOrNull(json);
    } catch (IllegalArgumentException e) {
      throw Misfit.of(e).inMember(name);
    }
  }

  private Object valueIn(Object record) {
    try {
      return (Object) accessor.invokeExact(record);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw Misfit.by(e);
    }
  }
}
