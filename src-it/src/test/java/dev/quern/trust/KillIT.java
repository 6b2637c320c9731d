package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Processes;
import dev.quern.it.Running;
import dev.quern.trust.Ledger.Row;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An engine under load, killed again and again at any moment: nothing that was acknowledged is
/// lost, and nothing is there that nobody asked for.
///
/// `-Dquern.seed=N` repeats a test, `-Dtrust=long` kills more often.
class KillIT {
  private static final int KILLS = "long".equals(System.getProperty("trust")) ? 300 : 10;

  @TempDir Path directory;

  private final long seed = Long.getLong("quern.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Ledger ledger = new Ledger();

  @Test
  void nothing_acknowledged_is_lost_and_nothing_unexpected_is_there() throws Exception {
    System.out.println("KillIT: -Dquern.seed=" + seed);
    for (int life = 0; life < KILLS; life++) {
      startAndKill("L" + life);
      if (Files.exists(Path.of(database()))) {
        assertEquals(List.of("ok"), texts("pragma integrity_check"));
      }
    }
    Processes.Ended last = Processes.run(directory, "", worker());
    assertEquals(0, last.exit(), last.err());
    last.out().lines().forEach(ledger::hear);

    ledger.compare(
        rows(), texts("select token from app_order"), texts("select token from app_effect"));

    System.out.printf(
        "KillIT: %d kills, %d jobs, %d acknowledged, %s recovered, lost and unexpected: %d%n",
        KILLS, rows().size(), ledger.acks(), recovered(), ledger.faults().size());
    assertEquals(List.of(), ledger.faults(), "seed " + seed);
    assertCountersAreRight();
    assertEquals(List.of("ok"), texts("pragma integrity_check"));
    assertEquals(List.of(), texts("select \"table\" from pragma_foreign_key_check"));
    assertTrue(ledger.acks() > 10 * KILLS, "too little was done: this proves nothing");
    assertTrue(recovered() > 0, "no kill hit a handler: this proves nothing");
  }

  /// Unpacks the driver's library here: no other process may clean up at the same time, and say so.
  private List<String> worker(String... life) {
    List<String> words = new ArrayList<>(List.of(LoadApp.class.getName(), database()));
    words.addAll(List.of(life));
    return Processes.java(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.sqlite.tmpdir=" + directory,
            "-cp",
            classPath()),
        words.toArray(String[]::new));
  }

  private static String classPath() {
    Path tests =
        Path.of(LoadApp.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    return Processes.JAR + File.pathSeparator + tests;
  }

  private void startAndKill(String life) throws Exception {
    try (Running running = Running.start(directory, Map.of(), worker(life))) {
      if (random.nextInt(4) > 0) {
        Processes.await("a job", () -> !running.out().isEmpty() || !running.alive());
      }
      Thread.sleep(random.nextInt(700));
      running.kill();
      Processes.Ended killed = running.end();
      assertEquals("", killed.err());
      killed.out().lines().forEach(ledger::hear);
    }
  }

  // ---- what is there

  private String database() {
    return directory.resolve("app.db").toString();
  }

  private interface Read<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// Asks the database without any change, so that the next life finds all as it was killed.
  private <T> List<T> query(String sql, Read<T> read) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:file:" + database() + "?mode=ro");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(read.read(rows));
      }
      return all;
    }
  }

  private List<String> texts(String sql) throws SQLException {
    return query(sql, row -> row.getString(1));
  }

  private List<Row> rows() throws SQLException {
    return query(
        """
        select id, payload ->> '$', state, attempts, coalesce(dedupe_key, '')
          from quern_job
        """,
        row ->
            new Row(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getInt(4),
                row.getString(5)));
  }

  private int recovered() throws SQLException {
    return query("select count(*) from quern_attempt where outcome = 'lost'", row -> row.getInt(1))
        .getFirst();
  }

  /// Jobs that completed themselves in a transaction of the application are counted once, too.
  private void assertCountersAreRight() throws SQLException {
    List<String> counted =
        texts("select state || ' ' || sum(jobs) from quern_count group by state order by state");
    List<String> there =
        texts("select state || ' ' || count(*) from quern_job group by state order by state");
    assertEquals(there, counted);
    assertEquals(List.of(), texts("select id from quern_job where uncounted is not null"));
  }

  // ---- the teeth

  private static final Row DONE = new Row(1, "a.done", "done", 1, "");

  private List<String> faults(List<Row> rows, String... lines) {
    List.of(lines).forEach(ledger::hear);
    ledger.compare(rows, List.of(), List.of());
    return ledger.faults();
  }

  @Test
  void what_is_as_it_was_told_is_right() {
    assertEquals(
        List.of(),
        faults(List.of(DONE), "try single a.done", "ack a.done 1 new", "run 1", "end 1 done"));
  }

  @Test
  void a_lost_job_is_found() {
    assertEquals(
        List.of("lost: a.done, job 1"), faults(List.of(), "try single a.done", "ack a.done 1 new"));
  }

  @Test
  void an_unexpected_job_is_found() {
    assertEquals(List.of("unexpected: a.done"), faults(List.of(DONE)));
  }

  @Test
  void a_duplicated_job_is_found() {
    Row twin = new Row(2, "a.done", "done", 1, "");

    assertEquals(List.of("duplicated: a.done"), faults(List.of(DONE, twin), "try single a.done"));
  }

  @Test
  void a_torn_batch_is_found() {
    assertEquals(
        List.of("torn: 1 of 2 with a.done"), faults(List.of(DONE), "try bulk a.done b.done"));
  }

  @Test
  void a_job_that_runs_after_its_end_is_found() {
    assertEquals(
        List.of("job 1 runs again after it was done"),
        faults(List.of(DONE), "try single a.done", "end 1 done", "run 1"));
  }

  @Test
  void a_charged_kill_a_missing_follow_up_and_a_missing_effect_are_found() {
    Row parent = new Row(1, "a.parent", "done", 2, "");
    Row self = new Row(2, "a.self", "done", 1, "");

    assertEquals(
        List.of(
            "a follow-up is missing or too much: a.parent",
            "a.parent is done 2, not done 1",
            "effects: 0, not 1 as there are jobs"),
        faults(List.of(parent, self), "try bulk a.parent a.self"));
  }
}
