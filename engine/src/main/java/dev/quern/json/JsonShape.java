package dev.quern.json;

/// [JsonValue] or one of its records, which pass through.
final class JsonShape implements Shape {

  private final Class<?> type;

  JsonShape(Class<?> type) {
    this.type = type;
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.value((JsonValue) value);
  }

  @Override
  public Object read(JsonValue json) {
    if (!type.isInstance(json)) {
      throw Misfit.expected("a " + type.getSimpleName(), json);
    }
    return json;
  }

  @Override
  public Object ofNull() {
    return type.isInstance(JsonNull.NULL) ? JsonNull.NULL : null;
  }
}
