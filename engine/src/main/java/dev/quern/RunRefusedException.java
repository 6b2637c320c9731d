package dev.quern;

/// A run is not begun or not gone on with: it is another run than the one in the store, another
/// process is at it, or a line of its input cannot be taken in. The message says what differs and
/// what to do. What was taken in before stays.
public final class RunRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A refusal with what to do about it in its message.
  public RunRefusedException(String message) {
    super(message);
  }

  /// A line of the input cannot be taken in.
  ///
  /// @param why what it is or has, after "line 17 of the input"
  public static RunRefusedException badLine(long line, String why) {
    return new RunRefusedException(
        "line %,d of the input %s; mend it and start again: the lines before it are kept"
            .formatted(line, why));
  }
}
