package dev.quern.json;

import java.lang.reflect.Array;

/// An array of any element type, primitive ones included.
final class ArrayShape implements Shape {

  private final Class<?> elementType;
  private final Shape element;

  ArrayShape(Class<?> elementType, Shape element) {
    this.elementType = elementType;
    this.element = element;
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.beginArray();
    int index = 0;
    try {
      for (int length = Array.getLength(value); index < length; index++) {
        element.writeOrNull(Array.get(value, index), out);
      }
    } catch (IllegalArgumentException e) {
      throw Misfit.of(e).inElement(index);
    }
    out.endArray();
  }

  @Override
  public Object read(JsonValue json) {
    var elements = CollectionShape.elements(json, element);
    var array = Array.newInstance(elementType, elements.size());
    for (int i = 0; i < elements.size(); i++) {
      Array.set(array, i, elements.get(i));
    }
    return array;
  }
}
