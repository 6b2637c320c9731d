package dev.quern.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/// The command line: `quern COMMAND …`.
public final class Main {
  /// A warning of the engine is a line without time, place and trace.
  private static final String LOG_LINE = "quern: %5$s%n";

  private Main() {}

  /// Runs a command and ends the process with its exit code.
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    System.setProperty("java.util.logging.SimpleFormatter.format", LOG_LINE);
    System.exit(run(Typed.of(args), Console.system()));
  }

  /// Runs a command on these streams, without a terminal.
  ///
  /// @return the exit code
  public static int run(String[] args, InputStream in, OutputStream out, OutputStream err) {
    return run(
        List.of(args),
        new Console(in, out, err, System.getenv(), Terminal.NONE, InstantSource.system()));
  }

  /// Runs a command. What goes wrong is one line on standard error.
  ///
  /// @return the exit code
  static int run(List<String> words, Console console) {
    try {
      int exit = dispatch(words, console);
      console.flush();
      return exit;
    } catch (Throwable fault) {
      return Faults.report(fault, console);
    }
  }

  private static int dispatch(List<String> words, Console console) throws Exception {
    Invocation invocation = Invocation.of(words);
    return invocation.run(console);
  }
}
