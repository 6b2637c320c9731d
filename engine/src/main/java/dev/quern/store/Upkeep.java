package dev.quern.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Looks after the files of a store that is open: whether the database is still where it was, and
/// how long its write-ahead log has become. The files are measured, never opened. Belongs to the
/// thread that writes.
final class Upkeep {
  private static final Logger LOG = System.getLogger(Upkeep.class.getName());
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// Less room on the disk than this is little: four logs.
  private static final long LITTLE_SPACE = 64L << 20;

  /// How long a restart of the log waits for readers.
  private static final long WAIT_MILLIS = 500;

  private final Path file;
  private final Path log;
  private final Dialect dialect;
  private final Faults faults;
  private final Optional<Object> key;
  private long lookedAt = System.nanoTime() - LOOK_NANOS;

  /// The connection that saves space, if one does.
  private Tx thrifty;

  private long madeRoomAt = System.nanoTime() - LOOK_NANOS;
  private long limit;

  /// @param file the database, which is open
  Upkeep(Path file, Dialect dialect, Faults faults) throws IOException {
    this.file = file.toRealPath();
    this.log = this.file.resolveSibling(this.file.getFileName() + dialect.logSuffix());
    this.dialect = dialect;
    this.faults = faults;
    this.key = key();
    this.limit = dialect.logLimit();
  }

  /// Looks, if it has not for a second. To be called outside a transaction.
  ///
  /// @throws dev.quern.StoreException.Unusable if the file is gone
  void look(Tx tx) {
    long now = System.nanoTime();
    if (now - lookedAt >= LOOK_NANOS) {
      lookedAt = now;
      if (gone()) {
        throw faults.gone();
      }
      watchSpace(tx);
      watchLog(tx);
    }
  }

  private boolean gone() {
    try {
      return !key().equals(key);
    } catch (NoSuchFileException missing) {
      return true;
    } catch (IOException notKnown) {
      return false;
    }
  }

  /// What tells a file from another of the same name, where the system knows it.
  private Optional<Object> key() throws IOException {
    return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
  }

  private void watchSpace(Tx tx) {
    boolean little = file.toFile().getUsableSpace() < LITTLE_SPACE;
    if (little != (thrifty == tx)) {
      saveSpace(tx, little);
    }
  }

  private void saveSpace(Tx tx, boolean little) {
    try {
      dialect.saveSpace(tx, little);
      thrifty = little ? tx : null;
    } catch (SQLException fault) {
      faults.of(fault);
    }
  }

  /// A log that others keep from shrinking is tried again when it has doubled: each try holds the
  /// write lock for a moment.
  private void watchLog(Tx tx) {
    long bytes = logBytes();
    if (bytes <= dialect.logLimit()) {
      limit = dialect.logLimit();
    } else if (bytes > limit && !restarted(tx)) {
      limit = 2 * bytes;
      LOG.log(
          Level.WARNING,
          "the write-ahead log of {0} has grown to {1} MiB, because a connection has been reading"
              + " since long ago: end its transaction; ''quern doctor'' says which process it is",
          file,
          bytes >> 20);
    }
  }

  /// A fault of the disk is told to whoever meets it with a commit.
  private boolean restarted(Tx tx) {
    try {
      return dialect.restartLog(tx, WAIT_MILLIS);
    } catch (SQLException fault) {
      limit = Long.MAX_VALUE;
      faults.of(fault);
      return true;
    }
  }

  /// The disk is full. To write the log back takes no room where the database has it already, and
  /// the log has room for others then. To be called outside a transaction.
  void makeRoom(Tx tx) {
    long now = System.nanoTime();
    if (now - madeRoomAt >= LOOK_NANOS) {
      madeRoomAt = now;
      try {
        dialect.restartLog(tx, 0);
      } catch (SQLException stillFull) {
        // Whoever writes is told.
      }
    }
  }

  private long logBytes() {
    try {
      return Files.size(log);
    } catch (IOException none) {
      return 0;
    }
  }
}
