package dev.quern.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Where a file system is mounted, as Linux tells in `/proc/self/mountinfo`.
///
/// @param point the directory
/// @param type such as `ext4`
/// @param device the numbers of its device, such as `8:1`
/// @param options those of the mount and of the file system
record Mount(Path point, String type, String device, Set<String> options) {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final Path DEVICES = Path.of("/sys/dev/block");

  private static final int DEVICE = 2;
  private static final int POINT = 4;
  private static final int OPTIONS = 5;

  /// The mount that a directory is on; empty where the system does not say.
  static Optional<Mount> of(Path directory) throws IOException {
    return Files.isReadable(TABLE)
        ? of(directory.toRealPath(), Files.readAllLines(TABLE))
        : Optional.empty();
  }

  /// The mount that a directory is on: of those that hold it the deepest, and of those the last.
  static Optional<Mount> of(Path directory, List<String> table) {
    return table.stream()
        .flatMap(line -> parse(line).stream())
        .filter(mount -> directory.startsWith(mount.point))
        .reduce((one, next) -> next.depth() >= one.depth() ? next : one);
  }

  private int depth() {
    return point.getNameCount();
  }

  /// Reads a line: `36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/root rw,barrier=0`.
  private static Optional<Mount> parse(String line) {
    List<String> words = List.of(line.split(" "));
    int dash = words.indexOf("-");
    if (dash <= OPTIONS || words.size() < dash + 4) {
      return Optional.empty();
    }
    String options = words.get(OPTIONS) + "," + words.get(dash + 3);
    return Optional.of(
        new Mount(
            Path.of(unescaped(words.get(POINT))),
            words.get(dash + 1),
            words.get(DEVICE),
            Set.of(Stream.of(options.split(",")).distinct().toArray(String[]::new))));
  }

  /// Blanks and the like are written as three octal digits.
  private static String unescaped(String word) {
    return word.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
  }

  /// The options that keep the disk from being flushed.
  List<String> unsafe() {
    return options.stream()
        .filter(option -> option.matches("nobarrier|barrier=(0|none)"))
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  /// What the kernel knows of the cache of the disk: `write back` or `write through`.
  Optional<String> cache() {
    try {
      Path disk = DEVICES.resolve(device).toRealPath();
      Path whole = Files.exists(disk.resolve("partition")) ? disk.getParent() : disk;
      return Optional.of(Files.readString(whole.resolve("queue/write_cache")).strip());
    } catch (IOException notKnown) {
      return Optional.empty();
    }
  }
}
