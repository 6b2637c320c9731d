package dev.quern.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What a process and its database take of the machine, looked at again and again.
final class Vitals {
  /// By how much each may grow while it is looked at, beyond noise.
  static final Map<String, Double> ALLOWED =
      Map.of(
          "resident KiB", 48.0 * 1024,
          "file descriptors", 4.0,
          "threads", 6.0,
          "WAL bytes", 40.0 * (1 << 20),
          "database bytes", 16.0 * (1 << 20));

  private final Path process;
  private final Path database;
  private final Map<String, List<Long>> values = new LinkedHashMap<>();

  Vitals(long pid, Path database) {
    this.process = Path.of("/proc").resolve(Long.toString(pid));
    this.database = database;
  }

  /// Looks once.
  void look() throws IOException {
    note("resident KiB", status("VmRSS:"));
    note("threads", status("Threads:"));
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      note("file descriptors", open.count());
    }
    note("WAL bytes", size(Path.of(database + "-wal")));
    note("database bytes", size(database));
  }

  private void note(String name, long value) {
    values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  private long status(String name) throws IOException {
    return Files.readAllLines(process.resolve("status")).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
        .findFirst()
        .orElseThrow();
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException gone) {
      return 0;
    }
  }

  List<Trend> trends() {
    return values.entrySet().stream()
        .map(entry -> new Trend(entry.getKey(), List.copyOf(entry.getValue())))
        .toList();
  }
}
