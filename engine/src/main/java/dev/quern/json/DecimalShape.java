package dev.quern.json;

import java.util.function.BiConsumer;
import java.util.function.Function;

/// A number type that is not one of the small whole ones.
///
/// @param <T> the type
final class DecimalShape<T> implements KeyShape {

  private final String what;
  private final BiConsumer<JsonWriter, T> writing;
  private final Function<JsonNumber, T> reading;

  /// @param what the type with its article, for messages
  /// @param reading throws an [IllegalArgumentException] or [ArithmeticException] for a number that
  ///   does not fit
  DecimalShape(String what, BiConsumer<JsonWriter, T> writing, Function<JsonNumber, T> reading) {
    this.what = what;
    this.writing = writing;
    this.reading = reading;
  }

  /// The number that is the name of a member.
  static JsonNumber number(String name) {
    try {
      return new JsonNumber(name);
    } catch (JsonException _) {
      throw Misfit.expected("a number", new JsonString(name));
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public void write(Object value, JsonWriter out) {
    writing.accept(out, (T) value);
  }

  @Override
  public Object read(JsonValue json) {
    if (!(json instanceof JsonNumber number)) {
      throw Misfit.expected("a number", json);
    }
    try {
      return reading.apply(number);
    } catch (IllegalArgumentException | ArithmeticException _) {
      throw Misfit.expected(what, json);
    }
  }

  @Override
  public String nameOf(Object key) {
    return key.toString();
  }

  @Override
  public Object keyOf(String name) {
    return read(number(name));
  }
}
