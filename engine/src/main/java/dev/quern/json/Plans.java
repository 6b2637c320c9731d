package dev.quern.json;

/// The shapes of classes, each planned once and kept as long as its class.
final class Plans {

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return new Planner().shapeOf(TypeRef.of(type));
        }
      };

  private Plans() {}

  /// @throws IllegalArgumentException if values of `type` have no JSON form
  static Shape of(Class<?> type) {
    return SHAPES.get(type);
  }
}
