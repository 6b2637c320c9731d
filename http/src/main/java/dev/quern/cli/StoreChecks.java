package dev.quern.cli;

import dev.quern.Health;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Judges what an engine found inside a database.
///
/// @param health what it found
/// @param when how times are printed, and what time it is
record StoreChecks(Health health, When when) {
  /// What keeps acknowledged jobs on disk, and references whole.
  private static final Map<String, String> REQUIRED =
      new TreeMap<>(
          Map.of(
              "journal_mode", "wal",
              "synchronous", "2",
              "foreign_keys", "1",
              "trusted_schema", "0",
              "mmap_size", "0"));

  /// Clocks of processes differ by less.
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  List<Check> all() throws IOException {
    List<Check> checks = new ArrayList<>();
    checks.add(database());
    checks.addAll(settings(health.settings()));
    checks.addAll(integrity());
    checks.add(clock(health.latestAt(), when.now()));
    checks.addAll(engines());
    return checks;
  }

  private Check database() throws IOException {
    return Check.ok(
        "database",
        "%s, %s, tables of version %d, %s"
            .formatted(
                health.file(),
                Text.bytes(Files.size(health.file())),
                health.schemaVersion(),
                health.database()));
  }

  /// Compares the settings with what they must be.
  static List<Check> settings(Map<String, String> settings) {
    List<Check> wrong =
        REQUIRED.entrySet().stream()
            .filter(wanted -> !wanted.getValue().equals(settings.get(wanted.getKey())))
            .map(wanted -> wrong(wanted.getKey(), settings.get(wanted.getKey()), wanted.getValue()))
            .toList();
    return wrong.isEmpty() ? List.of(Check.ok("settings", text(settings))) : wrong;
  }

  private static Check wrong(String name, String found, String wanted) {
    return Check.fail(
        "settings",
        "%s is %s and must be %s, or jobs may be lost: end what changes it, and open the database"
                .formatted(name, found, wanted)
            + " again");
  }

  private static String text(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(setting -> setting.getKey() + "=" + setting.getValue())
        .collect(Collectors.joining(" "));
  }

  private List<Check> integrity() {
    if (health.problems().isEmpty()) {
      return List.of(Check.ok("integrity", "no problem found"));
    }
    List<Check> checks = new ArrayList<>();
    checks.add(
        Check.fail(
            "integrity",
            "the file is damaged: stop all that use it, keep a copy, and restore a backup"));
    health.problems().forEach(problem -> checks.add(Check.fail("integrity", problem)));
    return checks;
  }

  /// Compares the clock of this machine with the latest time in the store.
  static Check clock(Instant latest, Instant now) {
    Duration behind = Duration.between(now, latest);
    return behind.compareTo(TOLERANCE) > 0
        ? Check.warn(
            "clock",
            "%s behind the latest entry of %s, so it was set back: set it right, or wait; until then"
                    .formatted(When.lasted(behind), When.iso(latest))
                + " the store's own time goes on at half the speed")
        : Check.ok("clock", "not behind the store");
  }

  // ---- who uses it

  private List<Check> engines() {
    long self = ProcessHandle.current().pid();
    List<Check> others =
        health.engines().stream()
            .filter(engine -> engine.alive() && engine.pid() != self)
            .map(engine -> Check.ok("in use", text(engine)))
            .toList();
    return others.isEmpty() ? List.of(Check.ok("in use", "by no other engine")) : others;
  }

  private String text(Health.Engine engine) {
    return "by process %d on %s, opened %s%s"
        .formatted(
            engine.pid(),
            engine.host(),
            when.brief(engine.startedAt()),
            engine.kinds().isEmpty() ? "" : ", serves " + String.join(", ", engine.kinds()));
  }
}
