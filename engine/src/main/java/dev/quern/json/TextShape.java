package dev.quern.json;

import java.util.function.Function;

/// A type whose values are JSON strings.
///
/// @param <T> the type
final class TextShape<T> implements KeyShape {

  private final String what;
  private final Function<T, String> writing;
  private final Function<String, ? extends T> reading;

  /// @param what the type with its article, for messages
  /// @param reading throws some [RuntimeException] for text that is not of the type
  TextShape(String what, Function<T, String> writing, Function<String, ? extends T> reading) {
    this.what = what;
    this.writing = writing;
    this.reading = reading;
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.value(nameOf(value));
  }

  @Override
  public Object read(JsonValue json) {
    if (json instanceof JsonString string) {
      return keyOf(string.value());
    }
    throw Misfit.expected(what, json);
  }

  @Override
  @SuppressWarnings("unchecked")
  public String nameOf(Object key) {
    return writing.apply((T) key);
  }

  @Override
  public Object keyOf(String name) {
    try {
      return reading.apply(name);
    } catch (RuntimeException _) {
      throw Misfit.expected(what, new JsonString(name));
    }
  }
}
