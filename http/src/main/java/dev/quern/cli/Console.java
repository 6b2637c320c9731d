package dev.quern.cli;

import dev.quern.json.JsonWriter;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Where a command reads and writes: data on standard output, messages for people on standard
/// error, both as UTF-8 whatever the locale says. Safe for use by several threads: what one call
/// prints stays together.
final class Console {
  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private final Map<String, String> environment;
  private final Terminal terminal;
  private final InstantSource clock;

  /// @param out is buffered here; see [#flush]
  /// @param environment the environment variables
  Console(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Map<String, String> environment,
      Terminal terminal,
      InstantSource clock) {
    this.in = in;
    this.out = new BufferedOutputStream(out, 1 << 16);
    this.err = err;
    this.environment = environment;
    this.terminal = terminal;
    this.clock = clock;
  }

  /// The streams, environment and terminal of this process.
  static Console system() {
    Map<String, String> environment = System.getenv();
    return new Console(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        environment,
        Terminal.system(environment),
        InstantSource.system());
  }

  /// Standard input.
  InputStream in() {
    return in;
  }

  /// What is known of the terminal.
  Terminal terminal() {
    return terminal;
  }

  /// How times are to be printed on standard output.
  When when() {
    return new When(clock.instant(), terminal.out());
  }

  /// An environment variable that is set and not empty.
  Optional<String> environment(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /// Prints a line of data.
  void line(String line) {
    print(line + "\n");
  }

  /// Prints data as it is.
  void print(String text) {
    print(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Prints bytes as they are.
  synchronized void print(byte[] bytes) {
    try {
      out.write(bytes);
      if (terminal.out()) {
        out.flush();
      }
    } catch (IOException fault) {
      throw unwritable(fault);
    }
  }

  /// Prints one JSON value as a line.
  void json(Consumer<JsonWriter> value) {
    StringBuilder text = new StringBuilder();
    value.accept(new JsonWriter(text));
    line(text.toString());
  }

  /// Prints a table: aligned and cut to the width on a terminal, else separated by tabs, whole and
  /// without a head.
  void table(Table table) {
    print(terminal.out() ? table.aligned(terminal.width(), this::bold) : table.tabbed());
  }

  /// Hands what was printed to the system. A command that goes on for long calls this whenever
  /// something should be seen.
  synchronized void flush() {
    try {
      out.flush();
    } catch (IOException fault) {
      throw unwritable(fault);
    }
  }

  /// Says a line to whoever sits there, on standard error.
  void say(String line) {
    mutter(line + "\n");
  }

  /// Writes to standard error as it is: for progress bars. A standard error that cannot be written
  /// is ignored.
  synchronized void mutter(String text) {
    try {
      err.write(text.getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException _) {
      // Nobody listens, and there is nowhere to say so.
    }
  }

  /// Text to stand out, on a terminal with colours.
  String bold(String text) {
    return style("1", text);
  }

  /// Text to step back, on a terminal with colours.
  String faint(String text) {
    return style("2", text);
  }

  private String style(String code, String text) {
    return terminal.colour() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  private static RuntimeException unwritable(IOException fault) {
    String problem = String.valueOf(fault.getMessage());
    return problem.toLowerCase(Locale.ROOT).contains("broken pipe")
        ? new Closed()
        : new UncheckedIOException("cannot write to standard output: " + problem, fault);
  }

  /// Whoever read standard output has gone, as `head` does. The command ends, and nothing is said.
  static final class Closed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Closed() {
      super("standard output is closed", null, false, false);
    }
  }
}
