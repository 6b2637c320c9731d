package dev.quern.store;

import dev.quern.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/// A copy of a store that is being made. It has another name until it is whole and on disk, so that
/// a kill or a full disk leaves nothing that looks like a backup.
///
/// @param target what it will be called
/// @param part what it is called until then
record Backup(Path target, Path part) {

  /// A copy that will be called `target`.
  ///
  /// @throws IllegalArgumentException if there is a file of that name
  static Backup to(Path target) {
    checkFree(target);
    return new Backup(
        target, target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part"));
  }

  private static void checkFree(Path target) {
    if (Files.exists(target)) {
      throw new IllegalArgumentException(target + " exists: name a new file");
    }
  }

  /// Makes it.
  void make(Connection source, Dialect dialect) throws SQLException {
    try {
      dialect.backup(source, part);
      finish();
    } finally {
      discard();
    }
  }

  private void finish() {
    try {
      force(part);
      checkFree(target);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      force(target.getParent());
    } catch (FileAlreadyExistsException taken) {
      throw new IllegalArgumentException(target + " exists: name a new file", taken);
    } catch (IOException fault) {
      throw new StoreException("the backup could not be completed: " + fault, fault);
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private void discard() {
    try {
      Files.deleteIfExists(part);
    } catch (IOException kept) {
      // Its name says that it is no backup.
    }
  }
}
