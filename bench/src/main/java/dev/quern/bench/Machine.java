package dev.quern.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Where and when something was measured.
///
/// @param fdatasyncMillis how long it takes to append 4 KiB and flush them, median of 200
/// @param pragmas of the connection that writes
record Machine(
    int cores,
    String cpu,
    String memory,
    String system,
    String fileSystem,
    String jdk,
    List<String> jvmArguments,
    String sqlite,
    Map<String, String> pragmas,
    double fdatasyncMillis,
    String commit,
    String date) {

  /// A result of JMH does not tell all of it.
  Machine {
    jvmArguments = Objects.requireNonNullElse(jvmArguments, List.of());
    pragmas = Objects.requireNonNullElse(pragmas, Map.of());
  }

  private static final int FLUSHES = 200;
  private static final int FLUSHED_BYTES = 4_096;

  static Machine look(Scratch scratch) throws IOException, SQLException {
    try (Connection connection = Pragmas.connect(scratch.store())) {
      return new Machine(
          Runtime.getRuntime().availableProcessors(),
          line("/proc/cpuinfo", "model name", System.getProperty("os.arch")),
          gibibytes(),
          System.getProperty("os.name") + " " + System.getProperty("os.version"),
          Files.getFileStore(scratch.directory()).type(),
          System.getProperty("java.vm.name") + " " + Runtime.version(),
          options(),
          Pragmas.text(connection, "select sqlite_version()"),
          Pragmas.of(connection),
          fdatasync(scratch.directory().resolve("flushed")).median() / 1e6,
          revision(),
          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }
  }

  /// What changes how the JVM runs, without properties, which name files.
  private static List<String> options() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-D"))
        .toList();
  }

  private static String gibibytes() {
    String kilobytes = line("/proc/meminfo", "MemTotal", "0 kB").split(" ")[0];
    return "%.0f GiB".formatted(Long.parseLong(kilobytes) / 1024.0 / 1024);
  }

  /// The value of the first line of a file that begins with a name.
  private static String line(String file, String name, String otherwise) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException notLinux) {
      return otherwise;
    }
  }

  /// The nanoseconds of appending 4 KiB and flushing them.
  private static Samples fdatasync(Path file) throws IOException {
    List<Long> nanos = new ArrayList<>();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int i = 0; i < FLUSHES; i++) {
        long began = System.nanoTime();
        channel.write(ByteBuffer.allocate(FLUSHED_BYTES));
        channel.force(false);
        nanos.add(System.nanoTime() - began);
      }
    }
    Files.delete(file);
    return Samples.of(nanos);
  }

  private static String revision() {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=10").start();
      String commit = new String(git.getInputStream().readAllBytes()).strip();
      return commit.isEmpty() ? "unknown" : commit;
    } catch (IOException noGit) {
      return "unknown";
    }
  }
}
