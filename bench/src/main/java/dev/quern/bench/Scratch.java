package dev.quern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A directory below the current one, which is on a disk, unlike many a `/tmp`: in `bench/target`
/// where that is, since git ignores it. Closing deletes it.
record Scratch(Path directory) implements AutoCloseable {
  static Scratch create() throws IOException {
    Path target = Path.of("bench", "target").toAbsolutePath();
    Path parent = Files.isDirectory(target) ? target : Path.of("").toAbsolutePath();
    return new Scratch(Files.createTempDirectory(parent, "quern-bench-"));
  }

  /// A new store file, in a directory of its own.
  Path store() throws IOException {
    return Files.createTempDirectory(directory, "store-").resolve("quern.db");
  }

  /// Something that needs a store for itself.
  interface Use<T> {
    /// Does it with a store file that does not exist yet.
    T in(Path file) throws Exception;
  }

  /// Uses a new store file and deletes it again.
  <T> T store(Use<T> use) throws Exception {
    Path file = store();
    try {
      return use.in(file);
    } finally {
      delete(file.getParent());
    }
  }

  @Override
  public void close() throws IOException {
    delete(directory);
  }

  static void delete(Path directory) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(directory)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException gone) {
      // A store that closes takes its WAL away while we look.
      throw gone.getCause() instanceof NoSuchFileException same ? same : gone.getCause();
    }
    for (Path file : deepestFirst) {
      Files.deleteIfExists(file);
    }
  }
}
