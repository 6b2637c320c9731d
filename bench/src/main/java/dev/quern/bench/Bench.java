package dev.quern.bench;

import dev.quern.NewJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What the benchmarks share: a directory of their own, and jobs.
final class Bench {
  private Bench() {}

  /// A new directory under the working directory, which is on a disk, unlike many a `/tmp`.
  static Path directory() throws IOException {
    return Files.createTempDirectory(Path.of("").toAbsolutePath(), "quern-bench-");
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(Bench::deleteOne);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<NewJob> jobs(String kind, int count) {
    return IntStream.range(0, count).mapToObj(i -> NewJob.json(kind, "{\"n\":" + i + "}")).toList();
  }
}
