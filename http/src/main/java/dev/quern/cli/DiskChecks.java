package dev.quern.cli;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks at what a database stands on: its directory, file system and disk. The files of the
/// database are measured, never opened: closing one would drop SQLite's locks.
final class DiskChecks {
  private static final long LITTLE_SPACE = 512L << 20;

  private final Path file;
  private final Path directory;

  DiskChecks(Path file) {
    this.file = file.toAbsolutePath();
    directory = this.file.getParent();
  }

  List<Check> all() throws IOException {
    List<Check> checks = new ArrayList<>();
    FileStore store = Files.getFileStore(directory);
    Optional<Mount> mount = Mount.of(directory);
    checks.addAll(MountChecks.all(store.type(), mount));
    names().ifPresent(checks::add);
    checks.add(space(store.getUsableSpace()));
    checks.add(sync(mount));
    return checks;
  }

  /// A directory that cannot be written is found by opening the database.
  private Check sync(Optional<Mount> mount) {
    try {
      return SyncCheck.of(directory, mount.flatMap(Mount::cache));
    } catch (IOException fault) {
      return Check.warn("sync", "not tried: " + Faults.line(fault));
    }
  }

  static Check space(long bytes) {
    String text = Text.bytes(bytes) + " free";
    return bytes < LITTLE_SPACE
        ? Check.warn("space", text + ": free some, a full disk stops all work")
        : Check.ok("space", text);
  }

  /// Each name of a file has a write-ahead log of its own.
  private Optional<Check> names() throws IOException {
    try {
      int names = (Integer) Files.getAttribute(file, "unix:nlink");
      return names > 1
          ? Optional.of(
              Check.warn(
                  "names",
                  "the file has "
                      + names
                      + " names (hard links): opened by two of them it breaks; remove all but one"))
          : Optional.empty();
    } catch (UnsupportedOperationException | IllegalArgumentException notUnix) {
      return Optional.empty();
    }
  }
}
