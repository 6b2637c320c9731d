package dev.quern.json;

import java.math.BigDecimal;

/// A JSON number, kept as it was written: `1.0` and `1.00` are not equal.
///
/// @param text the number as JSON writes it, within [Json#MAX_DIGITS] and [Json#MAX_EXPONENT]
public record JsonNumber(String text) implements JsonValue {

  private static final int DIGITS_OF_ANY_LONG = 18;

  /// @throws JsonException if `text` is not a JSON number, or exceeds the limits
  public JsonNumber {
    new Scanner(text).onlyNumber();
  }

  /// The whole number `value`.
  public static JsonNumber of(long value) {
    return new JsonNumber(Long.toString(value));
  }

  /// The number as a `long`, exactly; `1e3` and `5.0` are whole too.
  ///
  /// @throws IllegalArgumentException if it has a fraction or is out of range
  public long longValue() {
    return hasDigitsOnly() && text.length() <= DIGITS_OF_ANY_LONG
        ? Long.parseLong(text)
        : exactLong();
  }

  /// The `double` nearest to the number.
  ///
  /// @throws IllegalArgumentException if it is out of range
  public double doubleValue() {
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw new IllegalArgumentException(text + ": out of the range of a double");
    }
    return value;
  }

  /// The number exactly.
  public BigDecimal decimalValue() {
    return new BigDecimal(text);
  }

  /// Whether the text has neither a fraction nor an exponent.
  boolean hasDigitsOnly() {
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '.' || c == 'e' || c == 'E') {
        return false;
      }
    }
    return true;
  }

  private long exactLong() {
    try {
      return decimalValue().longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(text + ": not a whole number in the range of a long", e);
    }
  }
}
