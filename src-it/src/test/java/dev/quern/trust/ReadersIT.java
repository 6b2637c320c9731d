package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Place;
import dev.quern.it.Processes;
import dev.quern.it.Processes.Ended;
import dev.quern.it.Running;
import dev.quern.support.Finding;
import dev.quern.support.Mutant;
import dev.quern.support.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Readers keep SQLite's write-ahead log from beginning anew, which it then never does while their
/// transactions overlap. The engine sees to it that it does; of a reader that never ends it says
/// so, `quern doctor` names the process, and when the reader has gone the log shrinks by itself.
class ReadersIT {
  private static final int RESTARTS = Trust.size(1, 100);
  private static final Duration PATIENCE = Processes.PATIENCE.multipliedBy(Trust.size(1, 20));
  private static final long MOST_MIB = Trust.size(2_048, 100_000);

  /// What the mutant may write: two and a half times the length at which the log is to begin anew.
  private static final long MUTANT_MIB = 160;

  @TempDir Path directory;

  @Test
  void readers_do_not_let_the_log_grow_without_bound() throws Exception {
    long startedAt = System.nanoTime();
    Path database = directory.resolve("app.db");
    Ended app;
    try (Running running = start(List.of(), database, RESTARTS, MOST_MIB)) {
      Processes.await(
          "the reader that stays",
          PATIENCE,
          () -> running.out().contains("leaking") || !running.alive());
      if (running.alive()) {
        assertDoctorNames(running, database);
      }
      running.write("go\n");
      app = running.end();
    }

    assertEquals(0, app.exit(), app.err());
    List<String> overlap = line(app, "overlap");
    assertEquals(RESTARTS, Integer.parseInt(overlap.get(1)), app.out());
    assertTrue(app.err().contains("write-ahead log of " + database + " has grown to"), app.err());
    assertTrue(number(app, "recovered", 1) <= 64 << 10, app.out());
    assertEquals(number(app, "end", 1), number(app, "end", 2), "jobs acknowledged and run");
    long mutant = growthOfMutant();

    new Finding(
            "ReadersIT",
            "readers that overlap for ever, then one that never ends",
            RESTARTS + 1,
            "%,d jobs; log at most %,d MiB while readers overlapped, %,d MiB while one stayed"
                .formatted(
                    number(app, "end", 1),
                    Long.parseLong(overlap.get(2)) >> 10,
                    number(app, "leaking", 1) >> 10),
            Finding.Verdict.CLEAN,
            "none",
            "without the restart the log never began anew: %,d MiB, and growing".formatted(mutant))
        .tell(startedAt);
  }

  private Running start(List<Path> mutants, Path database, int restarts, long mib)
      throws Exception {
    List<String> words =
        Child.java(
            directory,
            mutants,
            ReadersApp.class,
            List.of(),
            database.toString(),
            Integer.toString(restarts),
            Long.toString(mib));
    return Running.start(directory, Map.of(), words);
  }

  private void assertDoctorNames(Running app, Path database) throws Exception {
    Ended doctor = new Place(directory).quern("doctor", "--quick", "--db", database.toString());
    assertEquals(0, doctor.exit(), doctor.out() + doctor.err());
    if (Files.isReadable(Path.of("/proc/locks"))) {
      String reader = "warn  write-ahead log  \\d+\\.\\d MiB: process " + app.pid() + " \\(";
      assertTrue(
          doctor.out().matches("(?s).*" + reader + ".*\\) reads and keeps it from shrinking.*"),
          doctor.out());
    }
  }

  private static List<String> line(Ended app, String name) {
    return app.out()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> List.of(line.split(" ")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line " + name + ": " + app.out() + app.err()));
  }

  private static long number(Ended app, String name, int word) {
    return Long.parseLong(line(app, name).get(word));
  }

  /// The teeth: the engine without the restart.
  private long growthOfMutant() throws Exception {
    Path classes =
        Mutant.make(
            directory.resolve("mutant"),
            Processes.JAR.toString(),
            "store/Upkeep.java",
            "bytes > limit && !restarted(tx)",
            "bytes < 0 && !restarted(tx)");
    try (Running running = start(List.of(classes), directory.resolve("mutant.db"), 1, MUTANT_MIB)) {
      Ended mutant = running.end();
      assertEquals(0, mutant.exit(), mutant.err());
      assertEquals(0, number(mutant, "overlap", 1), "the mutant's log began anew: no teeth");
      return number(mutant, "overlap", 2) >> 10;
    }
  }
}
