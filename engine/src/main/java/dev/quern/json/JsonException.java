package dev.quern.json;

/// Says that a text is not JSON, or not JSON that is accepted here, and where.
public final class JsonException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  private final int position;

  /// @param problem what is wrong, without the place
  JsonException(String problem, String text, int position) {
    super(problem + " at position " + position + lineAndColumn(text, position));
    this.position = position;
  }

  /// The index of the offending char; the length of the text if the text ends too early.
  public int position() {
    return position;
  }

  private static String lineAndColumn(String text, int position) {
    if (text.indexOf('\n') < 0) {
      return "";
    }
    int lineStart = text.lastIndexOf('\n', position - 1) + 1;
    long line = 1 + text.chars().limit(lineStart).filter(c -> c == '\n').count();
    return " (line " + line + ", column " + (position - lineStart + 1) + ")";
  }
}
