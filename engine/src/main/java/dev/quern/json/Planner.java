package dev.quern.json;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Makes the shape of a type, and the shapes of all types in it once each.
final class Planner {

  /// A type that is still being made has a [LinkShape] here, so that it may hold itself.
  private final Map<TypeRef, Shape> shapes = new HashMap<>();

  private int depth;

  /// @throws IllegalArgumentException if values of `type` have no JSON form
  Shape shapeOf(TypeRef type) {
    var known = shapes.get(type);
    if (known != null) {
      return known;
    }
    if (depth == Json.MAX_DEPTH) {
      throw new IllegalArgumentException("types nested deeper than " + Json.MAX_DEPTH);
    }
    var link = new LinkShape();
    shapes.put(type, link);
    depth++;
    var shape = make(type);
    depth--;
    link.to(shape);
    shapes.put(type, shape);
    return shape;
  }

  private Shape make(TypeRef type) {
    var raw = type.raw();
    return Scalars.of(raw).or(() -> container(type)).orElseThrow(() -> unsupported(type));
  }

  private Optional<Shape> container(TypeRef type) {
    var raw = type.raw();
    if (raw.isArray()) {
      return Optional.of(new ArrayShape(raw.componentType(), shapeOf(type.argument(0))));
    }
    if (raw == Optional.class) {
      return Optional.of(new OptionalShape(shapeOf(type.argument(0))));
    }
    if (Collection.class.isAssignableFrom(raw)) {
      return Optional.of(CollectionShape.of(type, this));
    }
    if (Map.class.isAssignableFrom(raw)) {
      return Optional.of(MapShape.of(type, this));
    }
    return userType(type);
  }

  private Optional<Shape> userType(TypeRef type) {
    if (type.raw().isRecord()) {
      return Optional.of(RecordShape.of(type, this));
    }
    if (type.raw().isSealed()) {
      return Optional.of(SealedShape.of(type, this));
    }
    return Optional.empty();
  }

  private static IllegalArgumentException unsupported(TypeRef type) {
    return new IllegalArgumentException(
        "no JSON form for " + type + ": use a record, or another type that JsonCodec lists");
  }
}
