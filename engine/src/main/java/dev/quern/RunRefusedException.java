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
}
