package dev.quern.json;

/// Stands for the shape of a type inside itself, as in `record Tree(List<Tree> children)`.
final class LinkShape implements Shape {

  private Shape target;

  /// Called once, before the plan is given to anybody.
  void to(Shape shape) {
    target = shape;
  }

  @Override
  public void write(Object value, JsonWriter out) {
    target.write(value, out);
  }

  @Override
  public Object read(JsonValue json) {
    return target.read(json);
  }

  @Override
  public Object ofNull() {
    return target.ofNull();
  }

  @Override
  public Object ofAbsence() {
    return target.ofAbsence();
  }
}
