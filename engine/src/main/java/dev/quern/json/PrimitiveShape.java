package dev.quern.json;

/// A primitive type, which is its box without `null`.
final class PrimitiveShape implements Shape {

  private final Class<?> type;
  private final Shape box;

  PrimitiveShape(Class<?> type, Shape box) {
    this.type = type;
    this.box = box;
  }

  @Override
  public void write(Object value, JsonWriter out) {
    box.write(value, out);
  }

  @Override
  public Object read(JsonValue json) {
    return box.read(json);
  }

  @Override
  public Object ofNull() {
    throw new Misfit("null is not possible for the primitive type " + type);
  }

  @Override
  public Object ofAbsence() {
    throw new Misfit("missing, and the primitive type " + type + " has no null");
  }
}
