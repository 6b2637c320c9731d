package dev.quern.json;

/// What a reader says about a text, so that two readers can be compared.
///
/// @param message that of the refusal, or `accepted`
record Verdict(String message) {

  static final Verdict ACCEPTED = new Verdict("accepted");

  static Verdict ofChecker(String text) {
    return of(() -> Json.check(text));
  }

  static Verdict ofParser(String text) {
    return of(() -> Json.parse(text));
  }

  private static Verdict of(Runnable reader) {
    try {
      reader.run();
      return ACCEPTED;
    } catch (JsonException refusal) {
      return new Verdict(refusal.getMessage());
    }
  }
}
