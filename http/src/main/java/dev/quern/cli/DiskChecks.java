package dev.quern.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Looks at what a database stands on: its directory, file system and disk. The files of the
/// database are measured, never opened: closing one would drop SQLite's locks.
final class DiskChecks {
  private static final int SYNCS = 20;
  private static final int SYNC_BYTES = 4_096;
  private static final double SLOW_SYNC_MILLIS = 20;
  private static final long LITTLE_SPACE = 512L << 20;
  private static final long LONG_WAL = 256L << 20;

  /// File systems of other machines, and of other kernels.
  private static final Set<String> REMOTE =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "9p",
          "afs",
          "afpfs",
          "ceph",
          "glusterfs",
          "lustre",
          "gpfs",
          "beegfs",
          "ncpfs",
          "webdav",
          "davfs",
          "drvfs",
          "vboxsf",
          "vmhgfs",
          "prl_fs",
          "virtiofs");

  private static final Set<String> VOLATILE = Set.of("tmpfs", "ramfs");

  private final Path file;
  private final Path directory;

  DiskChecks(Path file) {
    this.file = file.toAbsolutePath();
    directory = this.file.getParent();
  }

  List<Check> all() throws IOException {
    FileStore store = Files.getFileStore(directory);
    return List.of(fileSystem(store.type()), space(store.getUsableSpace()), sync(), wal());
  }

  static Check fileSystem(String type) {
    String name = "file system";
    if (REMOTE.contains(type) || type.startsWith("fuse.")) {
      return Check.warn(
          name,
          type
              + " may be a network file system, where locks fail and databases break: use a local"
              + " disk");
    }
    return VOLATILE.contains(type)
        ? Check.warn(name, type + " is memory: a reboot loses the database; use a disk")
        : Check.ok(name, type);
  }

  static Check space(long bytes) {
    String text = Text.bytes(bytes) + " free";
    return bytes < LITTLE_SPACE
        ? Check.warn("space", text + ": free some, a full disk stops all work")
        : Check.ok("space", text);
  }

  private Check wal() throws IOException {
    Path wal = file.resolveSibling(file.getFileName() + "-wal");
    long bytes = Files.exists(wal) ? Files.size(wal) : 0;
    return bytes > LONG_WAL
        ? Check.warn(
            "write-ahead log",
            Text.bytes(bytes) + ": a program that reads for long keeps it from shrinking; end it")
        : Check.ok("write-ahead log", Text.bytes(bytes));
  }

  /// How long a write takes until it is on the disk, tried with a file of its own.
  private Check sync() throws IOException {
    Path probe = Files.createTempFile(directory, ".quern-doctor-", ".tmp");
    try (FileChannel channel = FileChannel.open(probe, StandardOpenOption.WRITE)) {
      double median = medianSyncMillis(channel);
      String text =
          String.format(Locale.ROOT, "%.2f ms to get %d bytes on disk", median, SYNC_BYTES);
      return median > SLOW_SYNC_MILLIS
          ? Check.warn("sync", text + ": a slow disk, each commit waits for it")
          : Check.ok("sync", text);
    } finally {
      Files.delete(probe);
    }
  }

  private static double medianSyncMillis(FileChannel channel) throws IOException {
    double[] millis = new double[SYNCS];
    for (int i = 0; i < SYNCS; i++) {
      long start = System.nanoTime();
      channel.write(ByteBuffer.allocate(SYNC_BYTES));
      channel.force(false);
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis);
    return millis[SYNCS / 2];
  }
}
