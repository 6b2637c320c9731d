package dev.quern.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/// The machine, in words.
final class Machine {
  private static final int SYNCS = 200;

  private Machine() {}

  static String describe(Path directory) throws IOException {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %s memory, Linux %s, %s; 4 KiB write and fdatasync: p50 %.2f ms",
        field(Path.of("/proc/cpuinfo"), "model name"),
        Runtime.getRuntime().availableProcessors(),
        field(Path.of("/proc/meminfo"), "MemTotal"),
        System.getProperty("os.version"),
        Files.getFileStore(directory).type(),
        syncMillis(directory));
  }

  private static String field(Path file, String name) throws IOException {
    if (!Files.exists(file)) {
      return "unknown";
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse("unknown");
    }
  }

  private static double syncMillis(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "sync-", ".probe");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      double[] millis = new double[SYNCS];
      for (int i = 0; i < SYNCS; i++) {
        millis[i] = sync(channel);
      }
      return Arrays.stream(millis).sorted().toArray()[SYNCS / 2];
    } finally {
      Files.delete(file);
    }
  }

  private static double sync(FileChannel channel) throws IOException {
    long start = System.nanoTime();
    channel.write(ByteBuffer.allocate(4096));
    channel.force(false);
    return (System.nanoTime() - start) / 1e6;
  }
}
