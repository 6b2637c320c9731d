package dev.quern.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A named pipe by which a program tells the test where it is.
record Fifo(Path path) {
  static Fifo in(Path directory, String name) throws IOException, InterruptedException {
    Path path = directory.resolve(name);
    new ProcessBuilder("mkfifo", path.toString()).inheritIO().start().waitFor();
    return new Fifo(path);
  }

  /// Waits until a program writes, and reads all lines of it.
  List<String> lines() throws IOException {
    return Files.readAllLines(path);
  }

  /// Waits until a program writes a line, and lets it go on writing.
  String line() throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(path)) {
      return reader.readLine();
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
