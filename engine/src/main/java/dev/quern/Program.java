package dev.quern;

import dev.quern.json.Texts;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// A shell command that handles jobs, for [Programs#handle]. Immutable.
///
/// ```java
/// quern.programs().handle("checksum", Program.of("sha256sum \"$1\""));
/// ```
///
/// It is run by `sh -c` with the payload as `$1` and on standard input, byte for byte in UTF-8
/// whatever the locale. `$1` is a variable of the shell and as long as the payload, but most
/// systems refuse to pass on a long argument (Linux: more than 128 KiB): read long payloads from
/// standard input. If Quern is killed, standard input may end early; `$1` is always whole.
///
/// The environment is that of this process, with `QUERN_JOB_ID`, `QUERN_KIND`, `QUERN_ATTEMPT`,
/// `QUERN_FENCE`, `QUERN_IDEMPOTENCY_KEY` (see [JobContext]) and `QUERN_COOKIE`, by which Quern
/// finds the program and its children again: leave it as it is. The signals INT and QUIT are
/// ignored, as in background jobs of a shell, so that Ctrl-C on a terminal concerns Quern alone.
///
/// Standard output becomes the result: see [ProgramOutput]. Each line of standard error is a line
/// of the job's log.
///
/// | exit code | meaning |
/// |---|---|
/// | 0 | done |
/// | 65 (`EX_DATAERR`) | failed for good, with code `exit_65` |
/// | 128 + N | died of signal N; tried again, with code `signal_N` |
/// | any other, such as 75 (`EX_TEMPFAIL`) | tried again, with code `exit_…` |
///
/// A program that must stop (timeout, cancel, lease lost, closing) is sent TERM with all its
/// children, and KILL five seconds later.
///
/// The program ends when its shell exits. Children that it leaves in the background and that hold
/// its standard output or error open have five seconds to finish, and what they print still counts;
/// then they are ended too. Children that hold neither are left alone, until the job is attempted
/// again: then they are ended before. Children whose parents have died are known by their
/// environment, which only Linux shows.
///
/// @param command what `sh -c` runs; may have several lines
/// @param directory the working directory; default: that of this process
/// @param form how the payload reaches the program; default [Form#TEXT]
public record Program(String command, Optional<Path> directory, Form form) {

  /// The longest command, in characters.
  public static final int COMMAND_LIMIT = 100_000;

  /// How a payload reaches a program.
  public enum Form {
    /// A JSON string arrives as the plain text that it stands for, anything else as JSON text.
    TEXT,
    /// Every payload arrives as JSON text.
    JSON
  }

  /// A program with its texts checked.
  ///
  /// @throws IllegalArgumentException if the command is blank, too long, or no program could be
  ///   given it
  public Program {
    Texts.checked("command", command, COMMAND_LIMIT);
    if (command.isBlank()) {
      throw new IllegalArgumentException("the command is blank");
    }
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(form, "form");
  }

  /// A command run in the directory of this process, with payloads as plain text.
  ///
  /// @throws IllegalArgumentException if the command is blank or too long
  public static Program of(String command) {
    return new Program(command, Optional.empty(), Form.TEXT);
  }

  /// With this working directory, which must exist when a job is attempted.
  public Program directory(Path directory) {
    return new Program(command, Optional.of(directory), form);
  }

  /// With payloads in this form.
  public Program form(Form form) {
    return new Program(command, directory, form);
  }
}
