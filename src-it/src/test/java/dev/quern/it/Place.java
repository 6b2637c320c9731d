package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.Counts;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.it.Processes.Ended;
import dev.quern.json.Json;
import dev.quern.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A directory in which `quern` is used, on the database `quern.db`.
///
/// @param environment what is special about it
public record Place(Path directory, Map<String, String> environment) {

  public Place(Path directory) {
    this(directory, Map.of());
  }

  public Path file(String name) {
    return directory.resolve(name);
  }

  public Path database() {
    return file("quern.db");
  }

  /// Makes a file.
  public Path put(String name, String content) throws Exception {
    return Files.writeString(file(name), content);
  }

  /// The numbers from 1, each on a line.
  public static String numbers(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  // ---- commands

  /// Runs `quern` to its end, without input.
  public Ended quern(String... words) throws Exception {
    return quern(new byte[0], words);
  }

  /// Runs `quern` to its end on an input.
  public Ended on(String input, String... words) throws Exception {
    return quern(input.getBytes(StandardCharsets.UTF_8), words);
  }

  public Ended quern(byte[] input, String... words) throws Exception {
    return Processes.run(directory, environment, input, Processes.quern(words));
  }

  /// Starts `quern` and gives it an input.
  public Running start(String input, String... words) throws Exception {
    Running running = open(words);
    running.feed(input.getBytes(StandardCharsets.UTF_8));
    return running;
  }

  /// Starts `quern` with an input that is still to come.
  public Running open(String... words) throws Exception {
    return Running.start(directory, environment, Processes.quern(words));
  }

  // ---- what is there

  /// Fills the queue with so many jobs of the kind `precious`.
  public void fill(int jobs) {
    try (Quern quern = Quern.open(database())) {
      for (int i = 0; i < jobs; i++) {
        quern.enqueue(NewJob.json("precious", Integer.toString(i)));
      }
    }
  }

  /// Checks that these jobs are there, ready, and that the file is sound.
  public void assertWhole(int jobs) {
    try (Quern quern = Quern.open(database())) {
      assertEquals(jobs, quern.jobs().counts().of("precious", JobState.READY));
      assertEquals(List.of(), quern.health(true).problems());
    }
  }

  /// The number in the first row that a question to the database gives; 0 if it cannot be asked
  /// yet. Unlike an engine it changes nothing.
  public long number(String sql) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:file:" + database() + "?mode=ro");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    } catch (SQLException _) {
      return 0;
    }
  }

  /// How many jobs are in a state.
  public long count(JobState state) {
    return number("select count(*) from quern_job where state = '" + state.label() + "'");
  }

  public Counts counts() {
    try (Quern quern = Quern.open(database())) {
      return quern.jobs().counts();
    }
  }

  /// JSON lines.
  public static List<JsonObject> json(String lines) {
    return lines.lines().map(line -> (JsonObject) Json.parse(line)).toList();
  }
}
