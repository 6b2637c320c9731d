package dev.quern.cli;

/// A command cannot do what it was asked: one line for standard error, and an exit code.
final class Failed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exit;

  /// @param exit one of [Exit]
  Failed(int exit, String message) {
    super(message, null, false, false);
    this.exit = exit;
  }

  /// Nothing has that name or number.
  static Failed notFound(String message) {
    return new Failed(Exit.NOT_FOUND, message);
  }

  int exit() {
    return exit;
  }
}
