package dev.quern.trust;

import dev.quern.it.Processes;
import dev.quern.support.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A disk that is watched and fails on request: the library of `src/test/c/disk.c`, to be loaded
/// into a process before all others.
///
/// @param library the compiled library
record Disk(Path library) {
  private static final Path SOURCE = Trust.HOME.resolve("src-it/src/test/c/disk.c");

  /// Memory, where the system has such a directory: images of disks are many.
  private static final Path MEMORY = Path.of("/dev/shm");

  /// Compiles the library with the compiler of the system; where there is none the test is skipped.
  static Disk build(Path directory) throws Exception {
    boolean linux = System.getProperty("os.name").equals("Linux");
    skipUnless(linux, "the library that watches the disk is for Linux");
    List<String> compilers =
        Stream.of("cc", "gcc", "clang")
            .filter(name -> Processes.exists(name, "--version"))
            .toList();
    skipUnless(!compilers.isEmpty(), "there is no C compiler: cc, gcc or clang");
    Path library = directory.resolve("disk.so");
    compile(compilers.getFirst(), library);
    return new Disk(library);
  }

  private static void skipUnless(boolean condition, String reason) {
    if (!condition) {
      System.out.println("skipped: " + reason);
    }
    Assumptions.assumeTrue(condition, reason);
  }

  private static void compile(String compiler, Path library) throws Exception {
    List<String> words =
        List.of(compiler, "-shared", "-fPIC", "-O2", "-o", library.toString(), SOURCE.toString());
    Processes.Ended ended = Processes.run(library.getParent(), "", words);
    if (ended.exit() != 0) {
      throw new AssertionError("disk.c does not compile: " + ended.err());
    }
  }

  /// The environment of a process whose changes under a directory are logged.
  Map<String, String> watching(Path directory, Path log) {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "QUERN_DISK_DIR", directory.toString(),
        "QUERN_DISK_LOG", log.toString());
  }

  /// The environment of a process that can let operations under a directory fail.
  Map<String, String> failing(Path directory) {
    return Map.of("LD_PRELOAD", library.toString(), "QUERN_DISK_DIR", directory.toString());
  }

  /// A new directory in memory, or, where that cannot be, under another.
  static Path inMemory(Path otherwise) throws IOException {
    return Files.isWritable(MEMORY)
        ? Files.createTempDirectory(MEMORY, "quern-trust-")
        : Files.createTempDirectory(otherwise, "images-");
  }

  /// Deletes a directory of files, and its directories of files.
  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    }
  }
}
