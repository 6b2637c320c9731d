package dev.quern.cli;

import java.util.Locale;

/// What the doctor found in one place.
///
/// @param level how bad it is
/// @param name what was looked at
/// @param text what was found, and what to do
record Check(Level level, String name, String text) {

  /// How bad it is.
  enum Level {
    OK,
    WARN,
    FAIL;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Check ok(String name, String text) {
    return new Check(Level.OK, name, text);
  }

  static Check warn(String name, String text) {
    return new Check(Level.WARN, name, text);
  }

  static Check fail(String name, String text) {
    return new Check(Level.FAIL, name, text);
  }
}
