package dev.quern.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Who has a database open, as Linux tells in `/proc`: the processes of this user; root sees all.
///
/// @param open the processes that have a file of it open
/// @param reading those that are in a read transaction at this moment
/// @param writing those that are in a write transaction at this moment
record Holders(Set<Long> open, Set<Long> reading, Set<Long> writing) {
  private static final Path PROC = Path.of("/proc");

  /// The byte of the `-shm` file that a writer locks; those of readers follow after two others.
  private static final long WRITE_BYTE = 120;

  private static final long FIRST_READ_BYTE = WRITE_BYTE + 3;
  private static final long LAST_READ_BYTE = FIRST_READ_BYTE + 4;

  /// Looks for them.
  static Holders of(Path file) throws IOException {
    Path real = file.toRealPath();
    Optional<String> shm = identity(beside(real, "-shm"));
    return new Holders(
        openers(Set.of(real, beside(real, "-wal"), beside(real, "-shm"))),
        lockers(shm, FIRST_READ_BYTE, LAST_READ_BYTE),
        lockers(shm, WRITE_BYTE, WRITE_BYTE));
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  // ---- open files

  private static Set<Long> openers(Set<Path> files) throws IOException {
    Set<Long> found = new HashSet<>();
    for (Path process : list(PROC)) {
      if (process.getFileName().toString().matches("\\d+") && opens(process, files)) {
        found.add(Long.parseLong(process.getFileName().toString()));
      }
    }
    return found;
  }

  private static boolean opens(Path process, Set<Path> files) throws IOException {
    for (Path descriptor : list(process.resolve("fd"))) {
      try {
        if (files.contains(Files.readSymbolicLink(descriptor))) {
          return true;
        }
      } catch (IOException closed) {
        // It was closed, or its process has ended.
      }
    }
    return false;
  }

  private static List<Path> list(Path directory) {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.toList();
    } catch (IOException notOurs) {
      return List.of();
    }
  }

  // ---- locks

  /// How `/proc/locks` names a file: `fe:00:2148033`.
  private static Optional<String> identity(Path file) {
    try {
      long device = (Long) Files.getAttribute(file, "unix:dev");
      long major = device >> 8 & 0xfff;
      long minor = device & 0xff | device >> 12 & 0xfff00;
      Object inode = Files.getAttribute(file, "unix:ino");
      return Optional.of("%02x:%02x:%s".formatted(major, minor, inode));
    } catch (IOException | UnsupportedOperationException notKnown) {
      return Optional.empty();
    }
  }

  private static Set<Long> lockers(Optional<String> file, long first, long last) {
    try {
      return file.isEmpty()
          ? Set.of()
          : lockers(Files.readAllLines(PROC.resolve("locks")), file.get(), first, last);
    } catch (IOException notLinux) {
      return Set.of();
    }
  }

  /// Those who hold a lock on one of these bytes. A line is `1: POSIX ADVISORY READ 4711
  /// fe:00:2148033 124 124`.
  static Set<Long> lockers(List<String> table, String file, long first, long last) {
    Set<Long> found = new HashSet<>();
    for (String line : table) {
      String[] words = line.strip().split("\\s+");
      if (words.length == 8
          && words[1].equals("POSIX")
          && words[5].equals(file)
          && Long.parseLong(words[6]) <= last
          && !words[7].equals("EOF")
          && Long.parseLong(words[7]) >= first) {
        found.add(Long.parseLong(words[4]));
      }
    }
    return found;
  }

  // ---- in words

  /// A process, for people: its number, and its command where that may be read.
  static String describe(long pid) {
    String command = command(pid);
    return "process " + pid + (command.isEmpty() ? "" : " (" + Text.cut(command, 120) + ")");
  }

  private static String command(long pid) {
    try {
      String words = Files.readString(PROC.resolve(Long.toString(pid)).resolve("cmdline"));
      return Text.oneLine(words.replace('\0', ' ')).strip();
    } catch (IOException gone) {
      return "";
    }
  }
}
