package dev.quern.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Processes as `/proc` shows them, with their environments. A start is counted in ticks since the
/// machine was booted, so it is told together with the identity of that boot.
final class LinuxProcesses implements Processes {
  private static final Path PROC = Path.of("/proc");

  /// Places in `/proc/PID/stat` behind the name, which is in parentheses.
  private static final int STATE = 0;

  private static final int PARENT = 1;
  private static final int START = 19;

  private final String boot =
      read(PROC.resolve("sys/kernel/random/boot_id")).map(String::strip).orElse("");

  @Override
  public Optional<ProcessId> find(long pid) {
    return seen(Long.toString(pid), false).map(Seen::id);
  }

  @Override
  public List<Seen> all() {
    return numbers().map(pid -> seen(pid, true)).flatMap(Optional::stream).toList();
  }

  private static Stream<String> numbers() {
    String[] names = PROC.toFile().list();
    if (names == null) {
      throw new IllegalStateException("/proc cannot be read");
    }
    return Arrays.stream(names).filter(name -> Character.isDigit(name.charAt(0)));
  }

  private Optional<Seen> seen(String pid, boolean withBadge) {
    Optional<String[]> stat = read(PROC.resolve(pid).resolve("stat")).map(LinuxProcesses::fields);
    return stat.filter(LinuxProcesses::alive)
        .map(fields ->
            new Seen(
                new ProcessId(Long.parseLong(pid), boot + ":" + fields[START]),
                Long.parseLong(fields[PARENT]),
                withBadge ? badge(pid) : Optional.empty()));
  }

  private static String[] fields(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
  }

  /// A zombie is dead: it waits for nothing but its parent.
  private static boolean alive(String[] fields) {
    return fields.length > START && !fields[STATE].equals("Z") && !fields[STATE].equals("X");
  }

  private static Optional<Badge> badge(String pid) {
    return read(PROC.resolve(pid).resolve("environ"))
        .map(environ -> "\0" + environ)
        .flatMap(LinuxProcesses::badgeIn);
  }

  private static Optional<Badge> badgeIn(String environ) {
    return value(environ, Badge.COOKIE)
        .map(cookie ->
            new Badge(cookie, value(environ, Badge.FENCE).map(LinuxProcesses::fence).orElse(0L)));
  }

  private static long fence(String text) {
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  private static Optional<String> value(String environ, String name) {
    String start = "\0" + name + "=";
    int at = environ.indexOf(start);
    if (at < 0) {
      return Optional.empty();
    }
    int from = at + start.length();
    int to = environ.indexOf('\0', from);
    return Optional.of(environ.substring(from, to < 0 ? environ.length() : to));
  }

  /// The bytes of a file as characters, unless it is gone or somebody else's.
  private static Optional<String> read(Path file) {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
