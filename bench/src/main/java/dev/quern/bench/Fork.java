package dev.quern.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Other JVMs with the class path of this one.
final class Fork {
  private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

  /// A JVM keeps counters for tools in a file, whose pages would count as written by the engine.
  private static final String NO_COUNTERS = "-XX:+PerfDisableSharedMem";

  private Fork() {}

  /// Starts the main method of a class.
  static Process start(Class<?> main, List<String> flags, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(java(), NATIVE, NO_COUNTERS));
    command.addAll(flags.stream().filter(flag -> !flag.equals(NATIVE)).toList());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /// Runs the main method of a class and gives what it printed.
  static String output(Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    Process process = start(main, List.of(), arguments);
    String output = new String(process.getInputStream().readAllBytes()).strip();
    if (process.waitFor() != 0) {
      throw new IOException(main.getSimpleName() + " " + List.of(arguments) + " failed");
    }
    return output;
  }
}
