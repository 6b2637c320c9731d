package dev.quern.trust;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// Another process that wants the write lock of a database, and says `free` or `held`.
final class LockProbe {
  private LockProbe() {}

  /// Takes the database.
  public static void main(String[] args) throws SQLException {
    String url = "jdbc:sqlite:" + args[0] + "?busy_timeout=0";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      System.out.println(begun(statement) ? "free" : "held");
    }
  }

  private static boolean begun(Statement statement) throws SQLException {
    try {
      statement.execute("begin immediate");
      statement.execute("rollback");
      return true;
    } catch (SQLException busy) {
      if (busy.getErrorCode() != 5) {
        throw busy;
      }
      return false;
    }
  }
}
