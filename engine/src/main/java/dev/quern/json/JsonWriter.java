package dev.quern.json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;

/// Writes one JSON text, piece by piece, without white space.
///
/// Calls that would not give JSON, such as a value without a name in an object, throw
/// [IllegalStateException]; values that JSON cannot carry throw [IllegalArgumentException]. It does
/// not notice a name that is written twice. After an exception the text is incomplete.
///
/// For one thread.
public final class JsonWriter {

  private static final int CHUNK = 8192;

  private final Appendable sink;
  private final StringBuilder text;

  /// One bit a level, the outermost lowest: 1 is an object, 0 an array.
  private long objects;

  private int depth;

  /// Whether something stands before the next value or name, on the same level.
  private boolean follows;

  private boolean named;

  /// A writer that appends to `sink`: to a [StringBuilder] at once, to others by and by, so that
  /// they have all of the text when the outermost value is complete. An [IOException] comes out as
  /// an [UncheckedIOException].
  public JsonWriter(Appendable sink) {
    this.sink = sink;
    this.text = sink instanceof StringBuilder same ? same : new StringBuilder();
  }

  /// Begins an object.
  public JsonWriter beginObject() {
    begin('{');
    objects |= 1L << (depth - 1);
    return this;
  }

  /// Ends the object that was begun last.
  public JsonWriter endObject() {
    require(inObject() && !named, "no object to end here");
    return end('}');
  }

  /// Begins an array.
  public JsonWriter beginArray() {
    begin('[');
    objects &= ~(1L << (depth - 1));
    return this;
  }

  /// Ends the array that was begun last.
  public JsonWriter endArray() {
    require(depth > 0 && !inObject(), "no array to end here");
    return end(']');
  }

  /// Writes the name of the value that comes next.
  public JsonWriter name(String name) {
    beforeName();
    Quoting.append(name, text);
    text.append(':');
    return this;
  }

  /// Writes a string.
  public JsonWriter value(String value) {
    beforeValue();
    Quoting.append(value, text);
    return afterValue();
  }

  /// Writes a whole number.
  public JsonWriter value(long value) {
    beforeValue();
    text.append(value);
    return afterValue();
  }

  /// Writes a number; infinities and NaN are refused.
  public JsonWriter value(double value) {
    requireFinite(Double.isFinite(value), value);
    beforeValue();
    text.append(value);
    return afterValue();
  }

  /// Writes a number; infinities and NaN are refused.
  public JsonWriter value(float value) {
    requireFinite(Float.isFinite(value), value);
    beforeValue();
    text.append(value);
    return afterValue();
  }

  /// Writes a number, which must be within [Json#MAX_DIGITS] and [Json#MAX_EXPONENT].
  public JsonWriter value(BigDecimal value) {
    return value(new JsonNumber(value.toString()));
  }

  /// Writes `true` or `false`.
  public JsonWriter value(boolean value) {
    return plain(value ? "true" : "false");
  }

  /// Writes a value with all that is in it.
  public JsonWriter value(JsonValue value) {
    return switch (value) {
      case JsonObject object -> object(object);
      case JsonArray array -> array(array);
      case JsonString string -> value(string.value());
      case JsonNumber number -> plain(number.text());
      case JsonBoolean truth -> value(truth.value());
      case JsonNull _ -> nullValue();
    };
  }

  /// Writes `null`.
  public JsonWriter nullValue() {
    return plain("null");
  }

  /// Writes a value that is JSON text already, as it is, and counts its depth by itself: what was
  /// taken by itself can be shown inside other values. The whole may then be nested deeper than
  /// [Json#MAX_DEPTH].
  ///
  /// @throws JsonException if it is not JSON text by itself
  public JsonWriter json(String json) {
    new Checker(json).text(0);
    return plain(json);
  }

  /// Writes a name with its quotes and colon, as [Json#quote] gives it.
  void quotedName(String name) {
    beforeName();
    text.append(name);
  }

  private JsonWriter object(JsonObject object) {
    beginObject();
    object.members().forEach((name, value) -> name(name).value(value));
    return endObject();
  }

  private JsonWriter array(JsonArray array) {
    beginArray();
    array.elements().forEach(this::value);
    return endArray();
  }

  private JsonWriter plain(String json) {
    beforeValue();
    text.append(json);
    return afterValue();
  }

  private void begin(char bracket) {
    if (depth == Json.MAX_DEPTH) {
      throw new IllegalArgumentException("nested deeper than " + Json.MAX_DEPTH);
    }
    beforeValue();
    text.append(bracket);
    depth++;
    follows = false;
  }

  private JsonWriter end(char bracket) {
    text.append(bracket);
    depth--;
    return afterValue();
  }

  private boolean inObject() {
    return depth > 0 && (objects >>> (depth - 1) & 1) == 1;
  }

  private void beforeName() {
    require(inObject() && !named, "no name is possible here");
    comma();
    named = true;
  }

  private void beforeValue() {
    if (named) {
      named = false;
      return;
    }
    require(!inObject(), "a value in an object needs a name");
    require(depth > 0 || !follows, "the text has its value already");
    comma();
  }

  private void comma() {
    if (follows) {
      text.append(',');
    }
  }

  private JsonWriter afterValue() {
    follows = true;
    if (sink != text && (depth == 0 || text.length() >= CHUNK)) {
      drain();
    }
    return this;
  }

  private void drain() {
    try {
      sink.append(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    text.setLength(0);
  }

  private static void requireFinite(boolean finite, double value) {
    if (!finite) {
      throw new IllegalArgumentException(value + ": not possible in JSON");
    }
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalStateException(problem);
    }
  }
}
