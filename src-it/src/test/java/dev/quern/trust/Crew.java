package dev.quern.trust;

import dev.quern.it.Processes;
import dev.quern.it.Running;
import dev.quern.support.Finding.Verdict;
import dev.quern.support.Invariants;
import dev.quern.support.Mutant;
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

/// Applications in processes of their own, on one database in a directory of its own.
final class Crew implements AutoCloseable {
  private final Path directory;
  private final List<String> classPath = new ArrayList<>();
  private final List<String> flags = new ArrayList<>();
  private final List<Running> members = new ArrayList<>();
  private Map<String, String> environment = Map.of();

  Crew(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    classPath.add(Processes.JAR.toString());
    classPath.add(classesOf(Crew.class).toString());
  }

  private static Path classesOf(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  /// Those who start from now on have an engine without this guard.
  Crew without(String source, String guard, String instead) throws IOException {
    Path mutant = directory.resolve("mutant");
    classPath.addFirst(
        Mutant.make(mutant, Processes.JAR.toString(), source, guard, instead).toString());
    return this;
  }

  /// Those who start from now on have these flags of the JVM.
  Crew flags(String... more) {
    flags.addAll(List.of(more));
    return this;
  }

  /// Those who start from now on have these variables.
  Crew environment(Map<String, String> variables) {
    environment = variables;
    return this;
  }

  Path database() {
    return directory.resolve("app.db");
  }

  // ---- members

  /// Starts an application on the database.
  Running start(Class<?> app, String... options) throws IOException {
    List<String> way =
        new ArrayList<>(
            List.of("--enable-native-access=ALL-UNNAMED", "-Dorg.sqlite.tmpdir=" + directory));
    way.addAll(flags);
    way.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
    List<String> words = new ArrayList<>(List.of(app.getName(), database().toString()));
    words.addAll(List.of(options));
    Running member =
        Running.start(directory, environment, Processes.java(way, words.toArray(String[]::new)));
    members.add(member);
    return member;
  }

  List<Running> members() {
    return members;
  }

  /// Waits until all members that live have said something.
  void await(String line) throws InterruptedException {
    for (Running member : members) {
      Processes.await(line, () -> says(member, line) || !member.alive());
    }
  }

  static boolean says(Running member, String start) {
    return count(member, start) > 0;
  }

  /// How many lines of a member begin so.
  static long count(Running member, String start) {
    return member.out().lines().filter(line -> line.startsWith(start)).count();
  }

  /// Gives all members a line.
  void tell(String line) {
    members.forEach(member -> member.write(line + "\n"));
  }

  /// The numbers behind `stat NAME` in what a member said; empty if it did not.
  static String stat(Running member, String name) {
    String start = "stat " + name + " ";
    return member
        .out()
        .lines()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .findFirst()
        .orElse("");
  }

  /// Lets all members come to their end, which must be a good one.
  void finish() throws Exception {
    members.forEach(Running::closeInput);
    for (Running member : members) {
      Processes.Ended ended = member.end();
      if (ended.exit() != 0 || !ended.err().isEmpty()) {
        throw new AssertionError("exit " + ended.exit() + ": " + ended.err());
      }
    }
  }

  /// Kills what is left of the members.
  @Override
  public void close() throws IOException {
    for (Running member : members) {
      member.close();
    }
  }

  // ---- what is there

  private interface Read<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// Asks the database without any change.
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

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:sqlite:file:" + database() + "?mode=ro&busy_timeout=30000");
  }

  /// Whether somebody holds the write lock.
  boolean locked() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + database() + "?busy_timeout=0");
        Statement statement = connection.createStatement()) {
      statement.execute("begin immediate");
      statement.execute("rollback");
      return false;
    } catch (SQLException busy) {
      return true;
    }
  }

  List<String> texts(String sql) throws SQLException {
    return query(sql, row -> row.getString(1));
  }

  long number(String sql) throws SQLException {
    return query(sql, row -> row.getLong(1)).getFirst();
  }

  private static final String ROWS =
      """
      select id, payload ->> '$', state, fence, attempts, coalesce(dedupe_key, '') from quern_job
      """;

  private static final String OVERLAPS =
      """
      select 'job ' || a.job_id || ': claim ' || b.fence || ' began before the end of ' || a.fence
        from quern_attempt as a
        join (select job_id, fence, started_at from quern_attempt
              union all select id, fence, started_at from quern_job) as b
          on b.job_id = a.job_id and b.fence = a.fence + 1
       where b.started_at < a.ended_at
      """;

  /// Compares what all members said with what is there, once they have ended.
  Books compare() throws SQLException {
    return compare(new Books(true));
  }

  /// The same where ended jobs are deleted after a while.
  Books compareWithRetention() throws SQLException {
    return compare(new Books(false));
  }

  private Books compare(Books books) throws SQLException {
    members.forEach(member -> books.hear(member.out()));
    books.compare(rows(), texts("select token from app_effect"));
    texts(OVERLAPS).forEach(books::unexpected);
    try (Connection connection = connect()) {
      new Invariants(connection).broken().forEach((rule, rows) -> books.unexpected(rule + rows));
    }
    return books;
  }

  List<Books.Row> rows() throws SQLException {
    return query(
        ROWS,
        row ->
            new Books.Row(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                row.getInt(5),
                row.getString(6)));
  }

  /// How often a job was taken from a worker that was lost.
  long recovered() throws SQLException {
    return number("select count(*) from quern_attempt where outcome = 'lost'");
  }

  /// What was found.
  Verdict verdict(Books books) throws SQLException {
    return books.verdict(recovered());
  }
}
