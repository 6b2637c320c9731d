package dev.quern.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// An option of a command: its name, what it takes, and how that is read. Parsing, help and
/// suggestions come from here. Declared as a constant, it is also the key to its value in
/// [Arguments].
///
/// @param name without the dashes
/// @param placeholder what stands for the value in the help; empty for a flag
/// @param help one line
/// @param reader reads the value
/// @param fallback the value when it is not given, as it would be typed
/// @param takes how many values
record Option<T>(
    String name,
    String placeholder,
    String help,
    Reader<T> reader,
    Optional<String> fallback,
    Takes takes) {

  /// Reads a value.
  interface Reader<T> {
    /// @throws IllegalArgumentException if the text is no such value; the message says what would
    ///   be
    T read(String text);
  }

  /// How many values an option takes.
  enum Takes {
    /// It is a flag.
    NONE,
    /// One, and it may be given once.
    ONE,
    /// One, which may be left out.
    PERHAPS,
    /// One each time it is given.
    MANY
  }

  /// An option that is there or not.
  static Option<Boolean> flag(String name, String help) {
    return new Option<>(name, "", help, Boolean::valueOf, Optional.empty(), Takes.NONE);
  }

  /// An option with a value of any type.
  static <T> Option<T> of(String name, String placeholder, String help, Reader<T> reader) {
    return new Option<>(name, placeholder, help, reader, Optional.empty(), Takes.ONE);
  }

  /// An option with a text.
  static Option<String> text(String name, String placeholder, String help) {
    return of(name, placeholder, help, Values::text);
  }

  /// An option with a whole number from 1.
  static Option<Integer> count(String name, String placeholder, String help) {
    return of(name, placeholder, help, Values::count);
  }

  /// An option with a whole number.
  static Option<Integer> whole(String name, String placeholder, String help) {
    return of(name, placeholder, help, Values::whole);
  }

  /// An option with a duration, such as `500ms` or `1h30m`.
  static Option<Duration> duration(String name, String placeholder, String help) {
    return of(name, placeholder, help, Values::duration);
  }

  /// An option with a moment.
  static Option<Instant> instant(String name, String placeholder, String help) {
    return of(name, placeholder, help, Values::instant);
  }

  /// An option with a file.
  static Option<Path> path(String name, String placeholder, String help) {
    return of(name, placeholder, help, Values::path);
  }

  /// With this value when it is not given.
  Option<T> or(String fallback) {
    return new Option<>(name, placeholder, help, reader, Optional.of(fallback), takes);
  }

  /// May be given more than once.
  Option<T> repeated() {
    return new Option<>(name, placeholder, help, reader, fallback, Takes.MANY);
  }

  /// May be given without its value.
  Option<T> perhaps() {
    return new Option<>(name, placeholder, help, reader, fallback, Takes.PERHAPS);
  }

  boolean flag() {
    return takes == Takes.NONE;
  }

  /// As it is typed.
  String dashed() {
    return "--" + name;
  }

  /// What stands for its value in the help, in brackets if it may be left out; empty for a flag.
  Optional<String> argument() {
    return switch (takes) {
      case NONE -> Optional.empty();
      case ONE, MANY -> Optional.of(placeholder);
      case PERHAPS -> Optional.of("[" + placeholder + "]");
    };
  }

  /// As the help shows it: `--limit N`.
  String usage() {
    return dashed() + argument().map(argument -> " " + argument).orElse("");
  }

  /// Reads a value that was given.
  ///
  /// @throws UsageException if it is none
  T value(String text) {
    try {
      return reader.read(text);
    } catch (IllegalArgumentException bad) {
      throw new UsageException(dashed() + ": " + bad.getMessage());
    }
  }

  /// Whether a text would be a value.
  boolean accepts(String text) {
    try {
      reader.read(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
