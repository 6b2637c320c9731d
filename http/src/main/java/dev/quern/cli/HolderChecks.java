package dev.quern.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Looks who has a database open, and whether somebody keeps its write-ahead log from shrinking. To
/// be made before this process opens it.
final class HolderChecks {
  private static final long LONG_WAL = 96L << 20;

  /// Who reads at both ends of this time reads for long, or again and again.
  private static final Duration APART = Duration.ofMillis(300);

  private final Path file;
  private final long longWal;

  HolderChecks(Path file) {
    this(file, LONG_WAL);
  }

  HolderChecks(Path file, long longWal) {
    this.file = file;
    this.longWal = longWal;
  }

  List<Check> all() throws IOException {
    List<Check> checks = new ArrayList<>();
    Holders holders = Holders.of(file);
    checks.add(wal(holders));
    holders.open().stream()
        .sorted()
        .filter(pid -> pid != ProcessHandle.current().pid())
        .forEach(pid -> checks.add(Check.ok("open in", text(holders, pid))));
    return checks;
  }

  private static String text(Holders holders, long pid) {
    return Holders.describe(pid)
        + (holders.reading().contains(pid) ? ", reading now" : "")
        + (holders.writing().contains(pid) ? ", writing now" : "");
  }

  private Check wal(Holders holders) throws IOException {
    Path wal = file.resolveSibling(file.getFileName() + "-wal");
    long bytes = Files.exists(wal) ? Files.size(wal) : 0;
    return bytes > longWal
        ? Check.warn("write-ahead log", Text.bytes(bytes) + ": " + cause(holders))
        : Check.ok("write-ahead log", Text.bytes(bytes));
  }

  private String cause(Holders holders) throws IOException {
    Set<Long> readers = new HashSet<>(holders.reading());
    pause();
    readers.retainAll(Holders.of(file).reading());
    return readers.isEmpty()
        ? "a program has read for long and kept it from shrinking; the next write makes it shrink"
        : readers.stream().sorted().map(Holders::describe).collect(Collectors.joining(" and "))
            + " reads and keeps it from shrinking: end its transaction, or the process";
  }

  private static void pause() {
    try {
      Thread.sleep(APART);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
