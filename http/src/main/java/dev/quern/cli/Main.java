package dev.quern.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.logging.Logger;

/// The command line: `quern COMMAND …`.
public final class Main {
  /// A warning of the engine is a line without time, place and trace.
  private static final String LOG_LINE = "quern: %5$s%n";

  /// The driver unpacks its library, and deletes what killed processes left of theirs. When two
  /// processes start at once, one of them finds such a file gone, which is nobody's trouble.
  private static final Logger DRIVER = Logger.getLogger("org.sqlite.SQLiteJDBCLoader");

  private static final String GONE_ALREADY = "Failed to delete old native lib";

  private Main() {}

  /// Runs a command and ends the process with its exit code.
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    System.setProperty("java.util.logging.SimpleFormatter.format", LOG_LINE);
    DRIVER.setFilter(entry -> !entry.getMessage().startsWith(GONE_ALREADY));
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
