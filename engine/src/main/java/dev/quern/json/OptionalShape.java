package dev.quern.json;

import java.util.Optional;

/// An `Optional`: its value, or `null`.
final class OptionalShape implements Shape {

  private final Shape content;

  OptionalShape(Shape content) {
    this.content = content;
  }

  @Override
  public void write(Object value, JsonWriter out) {
    content.writeOrNull(((Optional<?>) value).orElse(null), out);
  }

  @Override
  public Object read(JsonValue json) {
    return Optional.of(content.read(json));
  }

  @Override
  public Object ofNull() {
    return Optional.empty();
  }

  @Override
  public Object ofAbsence() {
    return Optional.empty();
  }
}
