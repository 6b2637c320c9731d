package dev.quern.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Damaged databases, each known by its number and the seed.
///
/// @param bases the directory of the databases that are damaged: `open`, which was killed,
///   `closed`, and `other`
/// @param kinds the damages, in turns
record Images(Path bases, long seed, List<Damage> kinds) {
  private static final List<String> SUFFIXES = List.of("", "-wal", "-owners");

  /// The names of damages as one word, and back.
  static String word(List<Damage> kinds) {
    return kinds.stream().map(Damage::name).collect(Collectors.joining(","));
  }

  static List<Damage> kinds(String word) {
    return Stream.of(word.split(",")).map(Damage::valueOf).toList();
  }

  Damage damage(int number) {
    return kinds.get(number % kinds.size());
  }

  /// Makes an image in the place of the one before.
  ///
  /// @param directory where to; nothing else is there
  /// @return the database
  Path make(int number, Path directory) throws IOException {
    clear(directory);
    Random random = new Random(seed + number);
    Path image = directory.resolve("app.db");
    // Damages to the log make sense where there is one.
    boolean open = damage(number).name().contains("LOG") || random.nextBoolean();
    copy(bases.resolve(open ? "open" : "closed").resolve("app.db"), image);
    damage(number).inflict(image, bases.resolve("other").resolve("app.db"), random);
    return image;
  }

  private static void clear(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (String suffix : SUFFIXES) {
      if (Files.exists(Path.of(from + suffix))) {
        Files.copy(Path.of(from + suffix), Path.of(to + suffix));
      }
    }
  }
}
