package dev.quern.cli;

import dev.quern.StoreException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/// Turns whatever went wrong into one line on standard error and an exit code.
final class Faults {
  private Faults() {}

  /// Says what went wrong.
  ///
  /// @return the exit code
  static int report(Throwable fault, Console console) {
    if (fault instanceof Console.Closed) {
      return Exit.OK;
    }
    flushWhatIsThere(console);
    console.say("quern: " + Text.oneLine(line(fault)));
    if (console.environment("QUERN_DEBUG").isPresent()) {
      console.mutter(trace(fault));
    }
    return exit(fault);
  }

  private static void flushWhatIsThere(Console console) {
    try {
      console.flush();
    } catch (RuntimeException _) {
      // The fault that is about to be reported came first.
    }
  }

  private static int exit(Throwable fault) {
    return switch (fault) {
      case UsageException _ -> Exit.USAGE;
      case Failed failed -> failed.exit();
      case StoreException _, IllegalArgumentException _, IOException _, UncheckedIOException _ ->
          Exit.FAILED;
      case InterruptedException _ -> Exit.INTERRUPTED;
      default -> Exit.INTERNAL;
    };
  }

  /// What went wrong, on one line.
  static String line(Throwable fault) {
    return switch (fault) {
      case UsageException _, Failed _, StoreException _, IllegalArgumentException _ ->
          fault.getMessage();
      case UncheckedIOException outer -> outer.getMessage();
      case FileNotFoundException missing -> missing.getMessage();
      case FileSystemException file -> file.getFile() + ": " + reason(file);
      case IOException io -> "input or output failed: " + io.getMessage();
      case InterruptedException _ -> "interrupted";
      case OutOfMemoryError _ -> "not enough memory: set JAVA_TOOL_OPTIONS=-Xmx2g, or more";
      default ->
          "unexpected " + fault + ": QUERN_DEBUG=1 shows where; this is a bug, please report it";
    };
  }

  private static String reason(FileSystemException fault) {
    return Optional.ofNullable(fault.getReason()).orElse(fault.getClass().getSimpleName());
  }

  private static String trace(Throwable fault) {
    StringWriter text = new StringWriter();
    fault.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
