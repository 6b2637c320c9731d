package dev.quern.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Real processes of the packed jar, and what they print.
final class Processes {
  /// The jar as users get it.
  static final Path JAR = Path.of(System.getProperty("quern.jar")).normalize();

  /// The root of the project.
  static final Path HOME = Path.of(System.getProperty("quern.home")).normalize();

  private static final long PATIENCE_SECONDS = 120;

  private Processes() {}

  /// What a process left behind.
  ///
  /// @param exit its exit code; 128 and the signal's number if a signal ended it
  record Ended(int exit, String out, String err) {}

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /// The words that start `quern` with these arguments.
  static List<String> quern(String... arguments) {
    List<String> words = new ArrayList<>(List.of(java(), "-jar", JAR.toString()));
    words.addAll(List.of(arguments));
    return words;
  }

  /// Starts a process whose output goes to files in `directory`.
  static Process start(Path directory, Map<String, String> environment, List<String> words)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
    builder.environment().putAll(environment);
    builder.redirectOutput(directory.resolve("out.txt").toFile());
    builder.redirectError(directory.resolve("err.txt").toFile());
    return builder.start();
  }

  /// Runs a process to its end, with `input` as its standard input.
  static Ended run(Path directory, String input, List<String> words) throws Exception {
    return run(directory, Map.of(), input.getBytes(StandardCharsets.UTF_8), words);
  }

  /// Runs a process to its end.
  static Ended run(
      Path directory, Map<String, String> environment, byte[] input, List<String> words)
      throws Exception {
    Process process = start(directory, environment, words);
    Thread feeder = Thread.startVirtualThread(() -> feed(process, input));
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(words + " did not end; it printed: " + text(directory, "err.txt"));
    }
    feeder.join();
    return new Ended(process.exitValue(), text(directory, "out.txt"), text(directory, "err.txt"));
  }

  private static void feed(Process process, byte[] input) {
    try (var in = process.getOutputStream()) {
      in.write(input);
    } catch (IOException closed) {
      // A process need not read its input.
    }
  }

  static String text(Path directory, String file) {
    try {
      return new String(Files.readAllBytes(directory.resolve(file)), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
