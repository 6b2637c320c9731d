package dev.quern.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How long a write takes until it is on the disk, and whether that can be true. Tried with a file
/// of its own.
final class SyncCheck {
  private static final String NAME = "sync";
  private static final int SYNCS = 40;
  private static final int BYTES = 4_096;
  private static final double SLOW_MILLIS = 20;

  /// To make a file longer takes a disk at least two writes, one after the other: the fastest need
  /// twice this long, and memory a quarter.
  private static final double INCREDIBLE_MILLIS = 0.02;

  private SyncCheck() {}

  /// Tries it in a directory.
  ///
  /// @param cache what the kernel knows of the cache of the disk
  static Check of(Path directory, Optional<String> cache) throws IOException {
    Path probe = Files.createTempFile(directory, ".quern-doctor-", ".tmp");
    try (FileChannel channel = FileChannel.open(probe, StandardOpenOption.WRITE)) {
      return judge(medianMillis(channel), cache);
    } finally {
      Files.delete(probe);
    }
  }

  private static double medianMillis(FileChannel channel) throws IOException {
    double[] millis = new double[SYNCS];
    for (int i = 0; i < SYNCS; i++) {
      long start = System.nanoTime();
      channel.write(ByteBuffer.allocateDirect(BYTES));
      channel.force(false);
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis);
    return millis[SYNCS / 2];
  }

  /// What the time means.
  static Check judge(double millis, Optional<String> cache) {
    String text = String.format(Locale.ROOT, "%.2f ms to get %d bytes on disk", millis, BYTES);
    if (millis > SLOW_MILLIS) {
      return Check.warn(NAME, text + ": a slow disk, each commit waits for it");
    }
    if (millis < INCREDIBLE_MILLIS) {
      return Check.warn(
          NAME,
          text
              + ": faster than disks are, which hints that nothing is flushed (memory, eatmydata, a"
              + " virtual disk that ignores it) and a power cut loses jobs; ask who runs the"
              + " machine");
    }
    return Check.ok(NAME, text + cache.map(SyncCheck::flushed).orElse(""));
  }

  private static String flushed(String cache) {
    return cache.equals("write back")
        ? "; the disk's cache is flushed each time"
        : "; the disk says it has no cache to flush: in a virtual machine, the host must not have"
            + " one either";
  }

  /// A library that makes `fsync` do nothing, if one is loaded into this process.
  static Optional<Check> preloaded(Optional<String> libraries) {
    return libraries
        .filter(names -> names.contains("eatmydata"))
        .map(names ->
            Check.warn(
                NAME,
                "LD_PRELOAD is %s, under which nothing is flushed and a power cut loses jobs: start"
                        .formatted(names)
                    + " without it"));
  }
}
