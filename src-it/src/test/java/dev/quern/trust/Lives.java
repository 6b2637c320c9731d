package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.it.Processes;
import dev.quern.it.Running;
import dev.quern.support.Finding;
import dev.quern.support.Invariants;
import dev.quern.trust.Ledger.Row;
import java.io.File;
import java.io.IOException;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The lives of a [LoadApp] on one database: each is killed, but the last.
final class Lives {
  private final Path directory;
  private final Random random;
  private final String classPath;
  private final Ledger ledger = new Ledger();
  private int life;

  /// @param directory where the database is made; a new directory
  /// @param first class paths to put before the engine's
  Lives(Path directory, Random random, Path... first) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.random = random;
    Path tests =
        Path.of(LoadApp.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    classPath =
        Stream.concat(Stream.of(first), Stream.of(Processes.JAR, tests))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
  }

  Ledger ledger() {
    return ledger;
  }

  // ---- living

  /// Starts it and kills it, so many times; each is seen to leave a whole file behind.
  void startAndKill(int kills, int mostMillis) throws Exception {
    for (int i = 0; i < kills; i++) {
      startAndKill(mostMillis);
      if (Files.exists(Path.of(database()))) {
        assertEquals(List.of("ok"), texts("pragma quick_check"));
      }
    }
  }

  private void startAndKill(int mostMillis) throws Exception {
    try (Running running = Running.start(directory, Map.of(), words("L" + life++))) {
      if (random.nextInt(4) > 0) {
        Processes.await("a job", () -> !running.out().isEmpty() || !running.alive());
      }
      Thread.sleep(random.nextInt(mostMillis));
      running.kill();
      Processes.Ended killed = running.end();
      assertEquals("", killed.err());
      killed.out().lines().forEach(ledger::hear);
    }
  }

  /// The last life ends when all jobs have.
  void liveToTheEnd() throws Exception {
    Processes.Ended last = Processes.run(directory, "", words());
    assertEquals(0, last.exit(), last.err());
    last.out().lines().forEach(ledger::hear);
  }

  /// Unpacks the driver's library here: no other process may clean up at the same time, and say so.
  private List<String> words(String... life) {
    List<String> words = new ArrayList<>(List.of(LoadApp.class.getName(), database()));
    words.addAll(List.of(life));
    return Processes.java(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.sqlite.tmpdir=" + directory,
            "-cp",
            classPath),
        words.toArray(String[]::new));
  }

  // ---- what is there

  /// Compares what was told with what is there when all jobs have ended.
  void compare() throws SQLException {
    ledger.compare(
        rows(), texts("select token from app_order"), texts("select token from app_effect"));
  }

  /// Compares what was acknowledged with what is there, while jobs are at work.
  void compareNow() throws SQLException {
    ledger.compareAcknowledged(rows());
  }

  Finding.Verdict verdict() throws SQLException {
    return ledger.verdict(reruns());
  }

  Map<String, List<String>> brokenRules() throws SQLException {
    try (Connection connection = connect()) {
      return new Invariants(connection).broken();
    }
  }

  private String database() {
    return directory.resolve("app.db").toString();
  }

  private interface Read<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// Reads without any change, so that the next life finds all as it was killed.
  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:file:" + database() + "?mode=ro");
  }

  private <T> List<T> query(String sql, Read<T> read) throws SQLException {
    try (Connection connection = connect();
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

  /// How many handlers were run again because a kill had hit them.
  int reruns() throws SQLException {
    return query("select count(*) from quern_attempt where outcome = 'lost'", row -> row.getInt(1))
        .getFirst();
  }
}
