package dev.quern.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// What a person sees.
///
/// @param in whether standard input is a terminal
/// @param out whether standard output is one
/// @param err whether standard error is one
/// @param width columns; at least 40
/// @param colour whether standard output may have colours
record Terminal(boolean in, boolean out, boolean err, int width, boolean colour) {
  private static final int LEAST_WIDTH = 40;
  private static final int USUAL_WIDTH = 80;

  /// Nobody there: pipes and files.
  static final Terminal NONE = new Terminal(false, false, false, USUAL_WIDTH, false);

  /// The terminal of this process. The launcher says which of the three streams are one in the
  /// system property `quern.terminal`, and the width in `quern.width`; without it, Linux is asked.
  static Terminal system(Map<String, String> environment) {
    boolean out = isTerminal(1);
    return new Terminal(
        isTerminal(0), out, isTerminal(2), width(environment), out && colour(environment));
  }

  private static boolean isTerminal(int stream) {
    String told = System.getProperty("quern.terminal");
    return told == null ? looksLike(stream) : told.contains(Integer.toString(stream));
  }

  private static boolean looksLike(int stream) {
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + stream)).toString();
      return device.startsWith("/dev/pts/")
          || device.startsWith("/dev/tty")
          || device.equals("/dev/console");
    } catch (IOException | RuntimeException _) {
      return false;
    }
  }

  private static int width(Map<String, String> environment) {
    String told = System.getProperty("quern.width", environment.getOrDefault("COLUMNS", ""));
    return told.matches("\\d{1,4}") && Integer.parseInt(told) > 0
        ? Math.max(LEAST_WIDTH, Integer.parseInt(told))
        : USUAL_WIDTH;
  }

  static boolean colour(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "dumb").equals("dumb");
  }
}
