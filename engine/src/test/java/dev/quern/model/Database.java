package dev.quern.model;

import dev.quern.Quern;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// A database file in which many sequences run, one after the other: before each its tables are
/// emptied, so that only the kinds are there, as they were at first.
final class Database implements AutoCloseable {
  private static final List<String> TABLES =
      List.of(
          "quern_job",
          "quern_payload",
          "quern_tag",
          "quern_attempt",
          "quern_log",
          "quern_count",
          "quern_lane",
          "quern_owner",
          "quern_kind",
          "sqlite_sequence");

  private final Path file;
  private final Connection connection;

  Database(Path file) throws SQLException {
    this.file = file;
    try (Quern quern = Quern.manual(file, () -> Scenario.START)) {
      Scenario.KINDS.forEach(kind -> quern.kinds().policy(kind, _ -> Scenario.POLICY));
    }
    connection = connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("pragma synchronous=off");
      statement.execute("create table first_kind as select * from quern_kind");
    }
    connection.setAutoCommit(false);
  }

  Path file() {
    return file;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  /// Empties it; no engine may have it open.
  void reset() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String table : TABLES) {
        statement.execute("delete from " + table);
      }
      statement.execute("insert into quern_kind select * from first_kind");
      statement.execute("delete from quern_meta where key = 'time'");
    }
    connection.commit();
  }

  /// What is wrong with the file, as SQLite sees it.
  List<String> problems() throws SQLException {
    List<String> problems = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      read(statement, "pragma integrity_check", problems);
      problems.remove("ok");
      read(statement, "select \"table\" || ' ' || rowid from pragma_foreign_key_check", problems);
    }
    connection.commit();
    return problems;
  }

  private static void read(Statement statement, String sql, List<String> into) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        into.add(rows.getString(1));
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
