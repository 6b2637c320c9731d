package dev.quern.json;

/// A place in a JSON text that moves forward token by token, and says what is wrong there.
final class Scanner {

  /// What [#peek] returns after the last char.
  static final int END = -1;

  private final String text;
  private int position;

  Scanner(String text) {
    this.text = text;
  }

  int position() {
    return position;
  }

  /// Steps over white space, and returns the char that follows without stepping over it.
  int peek() {
    int at = position;
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    position = at;
    return at < text.length() ? text.charAt(at) : END;
  }

  /// Steps over `wanted` if it is next.
  boolean accept(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    position++;
    return true;
  }

  /// Steps over `wanted`, which must be next.
  ///
  /// @param expectation what the message says was expected
  void require(char wanted, String expectation) {
    if (!accept(wanted)) {
      throw expected(expectation);
    }
  }

  /// Steps over the bracket that opens the container number `depth`, and returns its position.
  int open(int depth) {
    if (depth > Json.MAX_DEPTH) {
      throw refused("nested deeper than " + Json.MAX_DEPTH, position);
    }
    return position++;
  }

  void literal(String word) {
    if (!text.startsWith(word, position)) {
      throw expected("a value");
    }
    position += word.length();
  }

  void end() {
    if (peek() != END) {
      throw expected("the end of the text");
    }
  }

  /// Steps over a string that begins here, and returns whether it has escapes.
  boolean string() {
    boolean escaped = false;
    int at = position + 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        position = at + 1;
        return escaped;
      }
      boolean plain = c >= ' ' && c != '\\' && !Character.isSurrogate(c);
      escaped |= c == '\\';
      at = plain ? at + 1 : afterSpecial(at, c);
    }
    position = at;
    throw expected("'\"'");
  }

  /// Steps over a number that begins here.
  void number() {
    int begin = position;
    if (at('-')) {
      position++;
    }
    whole();
    if (at('.')) {
      position++;
      digits();
    }
    if (at('e') || at('E')) {
      exponent();
    }
    if (position - begin > Json.MAX_DIGITS) {
      limitDigits(begin);
    }
  }

  /// Makes sure that the text is a number and nothing else.
  void onlyNumber() {
    number();
    if (position < text.length()) {
      throw expected("the end of the number");
    }
  }

  JsonException expected(String what) {
    return notJson("expected " + what + " but found " + Found.at(text, position), position);
  }

  /// Says that the grammar allows what is at `place`, but that it is not accepted here.
  JsonException refused(String problem, int place) {
    return new JsonException("JSON refused: " + problem, text, place);
  }

  private JsonException notJson(String problem, int place) {
    return new JsonException("not JSON: " + problem, text, place);
  }

  private static boolean isSpace(char c) {
    return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
  }

  private boolean at(char wanted) {
    return position < text.length() && text.charAt(position) == wanted;
  }

  private boolean atDigit() {
    return position < text.length() && Escapes.isDigit(text.charAt(position));
  }

  private void whole() {
    if (!at('0')) {
      digits();
      return;
    }
    position++;
    if (atDigit()) {
      throw notJson("a number must not begin with 0", position - 1);
    }
  }

  private void digits() {
    if (!atDigit()) {
      throw expected("a digit");
    }
    do {
      position++;
    } while (atDigit());
  }

  private void exponent() {
    int begin = position++;
    if (at('+') || at('-')) {
      position++;
    }
    int first = position;
    digits();
    if (valueUpToLimit(first) > Json.MAX_EXPONENT) {
      throw refused("an exponent over " + Json.MAX_EXPONENT, begin);
    }
  }

  /// The value of the digits from `first` to here, or any value over the limit.
  private int valueUpToLimit(int first) {
    int value = 0;
    for (int at = first; at < position && value <= Json.MAX_EXPONENT; at++) {
      value = value * 10 + text.charAt(at) - '0';
    }
    return value;
  }

  private void limitDigits(int begin) {
    String number = text.substring(begin, position);
    if (number.chars().filter(Escapes::isDigit).count() > Json.MAX_DIGITS) {
      throw refused("a number of more than " + Json.MAX_DIGITS + " digits", begin);
    }
  }

  private int afterSpecial(int at, char c) {
    if (c == '\\') {
      return afterEscape(at);
    }
    if (c < ' ') {
      throw notJson("a string has a raw " + Found.at(text, at), at);
    }
    return afterPair(at);
  }

  private int afterPair(int at) {
    if (at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1))) {
      return at + 2;
    }
    throw loneSurrogate(text.charAt(at), at);
  }

  private int afterEscape(int at) {
    int end = Escapes.end(text, at);
    if (end == Escapes.UNKNOWN) {
      throw notJson("unknown escape", at);
    }
    char unit = Escapes.unit(text, at);
    if (unit == 0) {
      throw refused("the character NUL", at);
    }
    return Character.isSurrogate(unit) ? afterEscapedPair(at, unit, end) : end;
  }

  /// A pair is accepted when both halves are escaped or none is.
  private int afterEscapedPair(int at, char high, int next) {
    int end = Escapes.end(text, next);
    if (end == Escapes.UNKNOWN || !Character.isSurrogatePair(high, Escapes.unit(text, next))) {
      throw loneSurrogate(high, at);
    }
    return end;
  }

  private JsonException loneSurrogate(char half, int at) {
    return refused("half a surrogate pair (" + Found.codeOf(half) + ")", at);
  }
}
