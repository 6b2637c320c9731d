package dev.quern.json;

import java.util.function.LongFunction;

/// A whole number type of up to 64 bits.
final class WholeShape implements KeyShape {

  private final long min;
  private final long max;
  private final LongFunction<?> box;

  WholeShape(long min, long max, LongFunction<?> box) {
    this.min = min;
    this.max = max;
    this.box = box;
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.value(((Number) value).longValue());
  }

  @Override
  public Object read(JsonValue json) {
    if (!(json instanceof JsonNumber number)) {
      throw Misfit.expected("a whole number", json);
    }
    long value = wholeValue(number);
    if (value < min || value > max) {
      throw outOfRange(number);
    }
    return box.apply(value);
  }

  @Override
  public String nameOf(Object key) {
    return key.toString();
  }

  @Override
  public Object keyOf(String name) {
    return read(DecimalShape.number(name));
  }

  private long wholeValue(JsonNumber number) {
    try {
      return number.longValue();
    } catch (IllegalArgumentException _) {
      throw outOfRange(number);
    }
  }

  private Misfit outOfRange(JsonNumber number) {
    return Misfit.expected("a whole number from " + min + " to " + max, number);
  }
}
