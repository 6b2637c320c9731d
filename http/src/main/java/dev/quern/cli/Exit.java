package dev.quern.cli;

/// The exit codes. They are part of the interface: scripts rely on them.
final class Exit {
  /// All went well.
  static final int OK = 0;

  /// It failed, or a job that was waited for did.
  static final int FAILED = 1;

  /// It was not understood; nothing was done.
  static final int USAGE = 2;

  /// There is no such job, run or database, or no Quern at a URL.
  static final int NOT_FOUND = 3;

  /// The state of the job does not allow it.
  static final int CONFLICT = 4;

  /// The time to wait is over.
  static final int TIMEOUT = 7;

  /// A fault of Quern itself.
  static final int INTERNAL = 70;

  /// Ctrl-C.
  static final int INTERRUPTED = 130;

  /// SIGTERM.
  static final int TERMINATED = 143;

  private Exit() {}
}
