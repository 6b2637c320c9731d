package dev.quern.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Which engines are alive: each holds a lock on one byte, its owner number, of a file beside the
/// database. The kernel frees it when the process dies, however it dies.
///
/// A process drops all its locks on a file when it closes any descriptor of it, so there is one
/// channel for each file in a JVM, and it stays open until the JVM ends. Safe for use by several
/// threads.
public final class Owners {
  private static final Map<Path, Owners> OPEN = new ConcurrentHashMap<>();

  private final FileChannel channel;
  private final Optional<Object> key;
  private final Map<Long, FileLock> held = new ConcurrentHashMap<>();

  private Owners(FileChannel channel, Optional<Object> key) {
    this.channel = channel;
    this.key = key;
  }

  /// The owners of the database `file`, which must exist.
  public static Owners of(Path file) throws IOException {
    Path side = file.toRealPath().resolveSibling(file.toRealPath().getFileName() + "-owners");
    synchronized (OPEN) {
      Owners owners = OPEN.get(side);
      if (owners == null || !owners.isOf(side)) {
        FileChannel channel = open(side);
        owners = new Owners(channel, key(side));
        OPEN.put(side, owners);
      }
      return owners;
    }
  }

  /// Whether this is still the file: it may have been deleted and made anew.
  private boolean isOf(Path side) throws IOException {
    return Files.exists(side) && key(side).equals(key);
  }

  /// What tells a file from another of the same name, where the system knows it.
  private static Optional<Object> key(Path side) throws IOException {
    return Optional.ofNullable(Files.readAttributes(side, BasicFileAttributes.class).fileKey());
  }

  private static FileChannel open(Path side) throws IOException {
    return FileChannel.open(
        side, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /// Declares `owner` alive until [#release] or the end of the process.
  ///
  /// @return false if somebody else holds the number
  public boolean hold(long owner) throws IOException {
    FileLock lock = tryLock(owner);
    if (lock != null) {
      held.put(owner, lock);
    }
    return lock != null;
  }

  /// Lets go of `owner`.
  public void release(long owner) throws IOException {
    FileLock lock = held.remove(owner);
    if (lock != null) {
      lock.release();
    }
  }

  /// Whether the engine with this number is alive, in this process or another.
  public boolean alive(long owner) throws IOException {
    if (held.containsKey(owner)) {
      return true;
    }
    FileLock lock = tryLock(owner);
    if (lock == null) {
      return true;
    }
    lock.release();
    return false;
  }

  private synchronized FileLock tryLock(long owner) throws IOException {
    try {
      return channel.tryLock(owner, 1, false);
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }
}
