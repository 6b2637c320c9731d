package dev.quern.cli;

import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Finds and opens the database that a command is about: `--db`, else `$QUERN_DB`, else `quern.db`
/// here.
final class Database {
  /// SQLite's driver logs what it also throws, with a stack trace. Held here, because loggers that
  /// nobody holds forget their level.
  private static final Logger DRIVER = Logger.getLogger("org.sqlite");

  static {
    DRIVER.setLevel(Level.OFF);
  }

  private Database() {}

  /// Which file it is, whether it exists or not.
  static Path file(Arguments arguments, Console console) {
    return arguments
        .get(Common.DB)
        .or(() -> console.environment("QUERN_DB").map(Database::named))
        .orElseGet(() -> Path.of(Common.DEFAULT_DB));
  }

  private static Path named(String text) {
    try {
      return Values.path(text);
    } catch (IllegalArgumentException bad) {
      throw new UsageException("QUERN_DB: " + bad.getMessage());
    }
  }

  /// Opens a database that must exist.
  ///
  /// @throws Failed if there is none
  static Quern existing(Arguments arguments, Console console) {
    return existing(arguments, console, QuernConfig.DEFAULT);
  }

  /// Opens a database that must exist, with a configuration.
  ///
  /// @throws Failed if there is none
  static Quern existing(Arguments arguments, Console console, QuernConfig config) {
    return Quern.openExisting(existingFile(arguments, console), config);
  }

  /// Which file it is, which must exist.
  ///
  /// @throws Failed if there is none
  static Path existingFile(Arguments arguments, Console console) {
    Path file = file(arguments, console);
    if (!Files.exists(file)) {
      throw Failed.notFound(
          "no database %s%s: name one with --db, or create one with 'quern run' or 'quern enqueue'"
              .formatted(file, file.isAbsolute() ? "" : " here"));
    }
    return file;
  }

  /// Opens a database, which is created if it does not exist.
  static Quern open(Arguments arguments, Console console, QuernConfig config) {
    return Quern.open(file(arguments, console), config);
  }
}
