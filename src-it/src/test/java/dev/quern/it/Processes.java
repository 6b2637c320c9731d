package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// Real processes of the packed jar, and what they print.
public final class Processes {
  /// The jar as users get it.
  public static final Path JAR = Path.of(System.getProperty("quern.jar")).normalize();

  /// The root of the project.
  public static final Path HOME = Path.of(System.getProperty("quern.home")).normalize();

  /// How long anything may take.
  public static final Duration PATIENCE = Duration.ofSeconds(120);

  /// Where SQLite's library is unpacked: a killed process leaves it behind.
  private static final Path SCRATCH = scratch();

  private Processes() {}

  /// What a process left behind.
  ///
  /// @param exit its exit code; 128 and the signal's number if a signal ended it
  /// @param bytes its standard output
  /// @param err its standard error
  public record Ended(int exit, byte[] bytes, String err) {
    public String out() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    /// Checks that it ended badly, without output, and with one line that has these words.
    public void assertRefused(int exit, String... words) {
      assertEquals(exit, this.exit, err);
      assertEquals("", out());
      assertEquals(1, err.lines().count(), err);
      assertSays(words);
    }

    /// Checks that standard error has these words, and no stack trace.
    public void assertSays(String... words) {
      assertTrue(err.startsWith("quern: "), err);
      assertFalse(err.contains("\tat "), err);
      for (String word : words) {
        assertTrue(err.contains(word), () -> "\"" + word + "\" is not in: " + err);
      }
    }
  }

  private static Path scratch() {
    try {
      Path directory = Files.createTempDirectory("quern-it-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(file -> file.toFile().delete());
    } catch (IOException _) {
      // The system cleans its directory of temporary files itself.
    }
    directory.toFile().delete();
  }

  // ---- words

  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /// The words that start `quern` with these arguments; made to start quickly.
  public static List<String> quern(String... arguments) {
    return java(List.of("-jar", JAR.toString()), arguments);
  }

  /// The words that start Java in a way, made to start quickly.
  public static List<String> java(List<String> way, String... arguments) {
    List<String> words = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1"));
    words.addAll(List.of("-XX:+UseSerialGC", "-Dorg.sqlite.tmpdir=" + SCRATCH));
    words.addAll(way);
    words.addAll(List.of(arguments));
    return words;
  }

  /// Whether the system has a program.
  public static boolean exists(String... words) {
    try {
      return new ProcessBuilder(words)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException | InterruptedException _) {
      return false;
    }
  }

  // ---- processes

  /// Runs a process to its end, with `input` as its standard input.
  public static Ended run(Path directory, String input, List<String> words) throws Exception {
    return run(directory, Map.of(), input.getBytes(StandardCharsets.UTF_8), words);
  }

  /// Runs a process to its end.
  public static Ended run(
      Path directory, Map<String, String> environment, byte[] input, List<String> words)
      throws Exception {
    try (Running running = Running.start(directory, environment, words)) {
      running.feed(input);
      return running.end();
    }
  }

  // ---- waiting

  /// Waits until something that other processes do is done.
  public static void await(String what, BooleanSupplier done) throws InterruptedException {
    await(what, PATIENCE, done);
  }

  /// Waits so long at most.
  public static void await(String what, Duration patience, BooleanSupplier done)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what);
      }
      Thread.sleep(10);
    }
  }

  public static String text(Path file) {
    try {
      return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
