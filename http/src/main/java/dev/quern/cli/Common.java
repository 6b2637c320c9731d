package dev.quern.cli;

import java.nio.file.Path;
import java.util.List;

/// The options of every command.
final class Common {
  /// The database of a command that names none.
  static final String DEFAULT_DB = "quern.db";

  static final Option<Path> DB =
      Option.path("db", "FILE", "the database (default quern.db, or $QUERN_DB)");
  static final Option<Boolean> JSON = Option.flag("json", "print JSON, for programs");
  static final Option<Boolean> HELP = Option.flag("help", "print this help");

  static final List<Option<?>> OPTIONS = List.of(DB, JSON, HELP);

  private Common() {}
}
