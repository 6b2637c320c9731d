package dev.quern.json;

/// JSON texts as RFC 8259 defines them, read strictly and within limits.
///
/// Some texts that the grammar allows are refused, because readers disagree on them or because a
/// database cannot hold them: an object with the same name twice, half a surrogate pair (raw or
/// escaped), the character NUL (even escaped), and whatever exceeds [#MAX_DEPTH], [#MAX_DIGITS] or
/// [#MAX_EXPONENT]. The length of a text is for the caller to limit.
///
/// [#check] and [#parse] accept the same texts and refuse the others with the same message.
public final class Json {

  /// How many arrays and objects may be open at once.
  public static final int MAX_DEPTH = 64;

  /// How many digits a number may have, those of its exponent included.
  public static final int MAX_DIGITS = 100;

  /// The largest exponent of a number, with either sign.
  public static final int MAX_EXPONENT = 999;

  private Json() {}

  /// Makes sure that `text` is one JSON text, without building anything from it. The only thing it
  /// allocates is a small table to find names that occur twice.
  ///
  /// @throws JsonException if it is not
  public static void check(CharSequence text) {
    new Checker(text.toString()).text(0);
  }

  /// Reads one JSON text.
  ///
  /// @throws JsonException if it is not one
  public static JsonValue parse(String text) {
    return new Parser(text).text();
  }

  /// Writes `value` as one JSON text, without white space.
  ///
  /// @throws IllegalArgumentException if it is nested too deeply or has a string that JSON cannot
  ///   carry
  public static String write(JsonValue value) {
    var text = new StringBuilder();
    new JsonWriter(text).value(value);
    return text.toString();
  }

  /// Writes `text` as a JSON string, quotes included.
  ///
  /// @throws IllegalArgumentException if it has NUL or half a surrogate pair
  public static String quote(String text) {
    var quoted = new StringBuilder(text.length() + 2);
    quote(text, quoted);
    return quoted.toString();
  }

  /// Appends a text as a JSON string, in quotes, to `out`.
  public static void quote(String text, StringBuilder out) {
    Quoting.append(text, out);
  }
}
