package dev.quern.bench;

/// Tells who watches how far it is; results go to files.
final class Progress {
  private static final long BEGAN = System.nanoTime();

  private Progress() {}

  static void say(String line) {
    System.err.printf("%6.1f s %s%n", (System.nanoTime() - BEGAN) / 1e9, line);
  }
}
