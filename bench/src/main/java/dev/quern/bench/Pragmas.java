package dev.quern.bench;

import dev.quern.store.Sqlite;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Connections that are set up as the engine sets up its own: the engine's code does it.
final class Pragmas {
  private static final List<String> NAMES =
      List.of(
          "journal_mode",
          "synchronous",
          "page_size",
          "cache_size",
          "wal_autocheckpoint",
          "journal_size_limit",
          "foreign_keys",
          "mmap_size",
          "temp_store");

  private Pragmas() {}

  /// A connection for writes with the engine's own settings.
  static Connection connect(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    new Sqlite(file).open(connection, false);
    return connection;
  }

  /// A connection of an application that waits for its turn.
  static Connection neighbour(Path file) throws SQLException {
    Connection connection = connect(file);
    run(connection, "pragma busy_timeout = 10000");
    return connection;
  }

  static Map<String, String> of(Connection connection) throws SQLException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : NAMES) {
      values.put(name, text(connection, "pragma " + name));
    }
    return values;
  }

  /// As statements, for programs in other languages.
  static String script(Connection connection) throws SQLException {
    return of(connection).entrySet().stream()
        .map(pragma -> "pragma " + pragma.getKey() + "=" + pragma.getValue() + ";")
        .collect(Collectors.joining(" "));
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }
}
