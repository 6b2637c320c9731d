package dev.quern.json;

/// `Boolean`.
final class BooleanShape implements Shape {

  @Override
  public void write(Object value, JsonWriter out) {
    out.value((boolean) value);
  }

  @Override
  public Object read(JsonValue json) {
    if (json instanceof JsonBoolean truth) {
      return truth.value();
    }
    throw Misfit.expected("true or false", json);
  }
}
