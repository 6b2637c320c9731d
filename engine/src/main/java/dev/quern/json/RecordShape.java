package dev.quern.json;

import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/// A record: an object with a member for each component.
final class RecordShape implements Shape {

  private final Class<?> type;
  private final boolean tagged;
  private final Component[] components;
  private final MethodHandle constructor;

  private RecordShape(Class<?> type, Component[] components) {
    this.type = type;
    this.components = components;
    this.constructor = RecordAccess.constructor(type);
    this.tagged = SealedShape.tags(type) && !hasComponentCalledAsTag();
  }

  static RecordShape of(TypeRef type, Planner planner) {
    var components =
        Arrays.stream(type.raw().getRecordComponents())
            .map(component -> Component.of(component, type, planner))
            .toArray(Component[]::new);
    return new RecordShape(type.raw(), components);
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.beginObject();
    if (tagged) {
      out.name(SealedShape.TAG).value(type.getSimpleName());
    }
    for (var component : components) {
      component.write(value, out);
    }
    out.endObject();
  }

  @Override
  public Object read(JsonValue json) {
    if (!(json instanceof JsonObject object)) {
      throw Misfit.expected("an object", json);
    }
    var values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = components[i].read(object);
    }
    return construct(values);
  }

  private Object construct(Object[] values) {
    try {
      return (Object) constructor.invokeExact(values);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw Misfit.by(e);
    }
  }

  private boolean hasComponentCalledAsTag() {
    return Arrays.stream(components).anyMatch(component -> component.isCalled(SealedShape.TAG));
  }
}
