package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobState;
import dev.quern.Quern;
import dev.quern.it.Place;
import dev.quern.it.Processes;
import dev.quern.support.Finding;
import dev.quern.support.Finding.Verdict;
import dev.quern.support.Invariants;
import dev.quern.support.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Backups of a database under load: each is a store of its own with everything that was
/// acknowledged before it was begun, groups whole and nothing else, and can be worked on. The load
/// is not disturbed.
///
/// `-Dquern.seed=N` repeats a test, `-Dtrust=long` makes more backups.
class BackupIT {
  private static final int BACKUPS = Trust.size(6, 40);
  private static final int PLAIN_COPIES = 3;

  /// Every so many backups is made by the command in a process of its own.
  private static final int BY_COMMAND = 3;

  @TempDir Path directory;

  private long jobs;

  private Path database() {
    return directory.resolve("quern.db");
  }

  @Test
  void each_backup_has_all_that_was_acknowledged_before() throws Exception {
    long startedAt = System.nanoTime();
    long seed = Trust.seed("BackupIT");
    Copies plain;
    try (Quern quern = Quern.open(database())) {
      plain = copies(quern, new Load(quern, seed));
    }
    try (Connection connection = connect()) {
      new Invariants(connection).check();
    }
    assertTrue(plain.wrong() > 0, "plain copies of the file were whole: no teeth");
    new Finding(
            "BackupIT",
            "backups under load, in the process and by the command",
            BACKUPS,
            "%,d backups with %,d jobs, each opened and worked off".formatted(BACKUPS, jobs),
            Verdict.CLEAN,
            Long.toString(seed),
            "%d of %d plain copies of the file were wrong, %,d acknowledged jobs lost or unreadable"
                .formatted(plain.wrong(), PLAIN_COPIES, plain.lost()))
        .tell(startedAt);
  }

  /// Plain copies of the file.
  ///
  /// @param wrong how many of them miss something, or have what never was
  /// @param lost how many acknowledged jobs are not to be had from them
  private record Copies(int wrong, long lost) {
    Copies and(List<String> faults, int acknowledged) {
      boolean unreadable = faults.stream().anyMatch(fault -> fault.startsWith("unreadable"));
      long gone = faults.stream().filter(fault -> fault.startsWith("lost")).count();
      return new Copies(
          wrong + (faults.isEmpty() ? 0 : 1), lost + (unreadable ? acknowledged : gone));
    }
  }

  /// Makes backups, then plain copies.
  private Copies copies(Quern quern, Load load) throws Exception {
    Copies plain = new Copies(0, 0);
    try {
      for (int i = 0; i < BACKUPS; i++) {
        backup(quern, load, i);
      }
      for (int i = 0; i < PLAIN_COPIES; i++) {
        Map<String, Long> before = load.acknowledged();
        plain = plain.and(plainCopy(load, before, i), before.size());
      }
    } finally {
      load.stop();
    }
    Processes.await("the load to end", load::allRan);
    assertEquals(List.of(), load.faults(), "the load was disturbed");
    return plain;
  }

  private Connection connect() throws Exception {
    return DriverManager.getConnection("jdbc:sqlite:" + database());
  }

  private void backup(Quern quern, Load load, int number) throws Exception {
    Path target = directory.resolve("backup" + number + ".db");
    Processes.await("some load", () -> load.acknowledged().size() > 100 * (number + 1));
    Map<String, Long> before = load.acknowledged();
    if (number % BY_COMMAND == BY_COMMAND - 1) {
      Processes.Ended ended = new Place(directory).quern("backup", target.toString());
      assertEquals(0, ended.exit(), ended.err());
    } else {
      quern.backup(target);
    }
    examine(target, before, load.groups());
  }

  private void examine(Path target, Map<String, Long> before, Map<String, Integer> groups)
      throws Exception {
    Copy copy = new Copy(target);
    assertEquals(List.of(), copy.faults(before, groups), target.toString());
    copy.work(BackupIT::drained);
    assertEquals(List.of(), copy.faults(before, groups), "worked off: " + target);
    try (Quern quern = Quern.open(target)) {
      jobs += quern.jobs().counts().of(Load.KIND, JobState.DONE);
    }
    deleteAll(target);
  }

  private static boolean drained(Quern quern) {
    return quern.jobs().counts().byKind().getOrDefault(Load.KIND, Map.of()).entrySet().stream()
        .noneMatch(count -> count.getKey() != JobState.DONE && count.getValue() > 0);
  }

  private void deleteAll(Path target) throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith(target.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
  }

  // ---- the teeth

  /// Copies the database without its log, in another process: this one would drop its own locks.
  private List<String> plainCopy(Load load, Map<String, Long> before, int number) throws Exception {
    Path target = directory.resolve("plain" + number + ".db");
    Processes.Ended ended =
        Processes.run(directory, "", List.of("cp", database().toString(), target.toString()));
    assertEquals(0, ended.exit(), ended.err());
    return new Copy(target).faults(before, load.groups());
  }

  // ---- the locks

  @Test
  void a_backup_does_not_let_go_of_the_locks_of_its_process() throws Exception {
    try (Quern quern = Quern.open(database());
        Connection own = connect();
        Statement statement = own.createStatement()) {
      statement.execute("begin immediate");

      quern.backup(directory.resolve("copy.db"));

      assertEquals("held\n", probe());
      readFromJava();
      assertEquals("free\n", probe(), "to read the files from Java dropped no lock: no teeth");
    }
  }

  /// What no code of the engine does.
  private void readFromJava() throws Exception {
    Files.readAllBytes(Path.of(database() + "-shm"));
  }

  private String probe() throws Exception {
    Processes.Ended ended =
        Processes.run(directory, "", Child.java(directory, LockProbe.class, database().toString()));
    assertEquals(0, ended.exit(), ended.err());
    return ended.out();
  }
}
