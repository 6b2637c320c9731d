package dev.quern.trust;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// The tables of an application in the database of its engine, and its own connection to them: what
/// it has ordered, and what was done. Safe for use by several threads, one after the other.
record AppTables(Connection connection) {

  static AppTables connect(Path file) throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            "jdbc:sqlite:"
                + file
                + "?transaction_mode=IMMEDIATE&busy_timeout=30000&synchronous=FULL");
    try (var statement = connection.createStatement()) {
      statement.execute("create table if not exists app_order (token text not null) strict");
      statement.execute(
          """
          create table if not exists app_effect (
            job integer not null, fence integer not null, token text not null) strict
          """);
    }
    return new AppTables(connection);
  }

  /// What is done in one transaction; it is rolled back unless this returns a value.
  interface Work<T> {
    T run() throws SQLException;
  }

  /// To go back to auto-commit commits; `commit()` would begin the next transaction at once, and
  /// with it take the write lock.
  synchronized <T> T transaction(Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    T answer = null;
    try {
      answer = work.run();
    } finally {
      if (answer == null) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
    }
    return answer;
  }

  void order(String token) throws SQLException {
    insert("insert into app_order (token) values (?)", token);
  }

  void effect(long job, long fence, String token) throws SQLException {
    insert("insert into app_effect (job, fence, token) values (?, ?, ?)", job, fence, token);
  }

  private void insert(String sql, Object... values) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        insert.setObject(i + 1, values[i]);
      }
      insert.executeUpdate();
    }
  }
}
