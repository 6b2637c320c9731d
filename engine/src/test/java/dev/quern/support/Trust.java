package dev.quern.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// How much a test of trust does, and from which seed.
///
/// `-Dtrust=long` does much; without it a build gets by in minutes. `-Dquern.seed=N` repeats a run.
public final class Trust {
  /// Whether this is the long run.
  public static final boolean LONG = "long".equals(System.getProperty("trust"));

  /// The root of the project: every module's tests run in the directory of the module.
  public static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  private Trust() {}

  /// The size of a test.
  ///
  /// @param build how much a build does
  /// @param whole how much the long run does
  public static int size(int build, int whole) {
    return LONG ? whole : build;
  }

  /// The seed of a run, which it prints: the given one, else a new one.
  ///
  /// @param test the name of the test
  public static long seed(String test) {
    return seed(test, System.nanoTime() & 0xFFFF_FFFFL);
  }

  /// The seed of a run, which it prints: the given one, else in a build this one, and in the long
  /// run a new one. For tests with seeds that are known to fail: see the issues.
  public static long seed(String test, long build) {
    long seed = Long.getLong("quern.seed", LONG ? System.nanoTime() & 0xFFFF_FFFFL : build);
    System.out.printf("%s: -Dquern.seed=%d%n", test, seed);
    return seed;
  }

  /// The commit that is tested; with `+` if files were changed since.
  static String commit() {
    String commit = git("rev-parse", "--short", "HEAD");
    String changed = git("status", "--porcelain", "--", "engine/src", "http/src");
    return commit.isEmpty() ? "unknown" : commit + (changed.isEmpty() ? "" : "+");
  }

  private static String git(String... words) {
    String[] command = new String[words.length + 1];
    command[0] = "git";
    System.arraycopy(words, 0, command, 1, words.length);
    try {
      Process process = new ProcessBuilder(command).directory(HOME.toFile()).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? said.strip() : "";
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    } catch (InterruptedException fault) {
      throw new IllegalStateException("interrupted while waiting for git", fault);
    }
  }
}
