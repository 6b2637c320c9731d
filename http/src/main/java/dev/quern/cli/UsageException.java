package dev.quern.cli;

/// Something was typed that cannot be: one line that says what, and what to type instead. Ends the
/// command with [Exit#USAGE].
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message, null, false, false);
  }
}
