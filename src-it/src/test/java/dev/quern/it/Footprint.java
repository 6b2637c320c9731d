package dev.quern.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What a process takes of the machine, by the kernel's count.
record Footprint(long pid) {
  private static final double TICKS_PER_SECOND = 100;

  private Path file(String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }

  /// The processor time that it has used so far, in seconds.
  double cpuSeconds() throws IOException {
    String line = Files.readString(file("stat"));
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /// The most that it had in main memory so far, in MiB.
  long peakMebibytes() throws IOException {
    return Files.readAllLines(file("status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) >> 10)
        .findFirst()
        .orElseThrow();
  }

  /// How many descriptors it has open.
  long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(file("fd"))) {
      return open.count();
    }
  }
}
