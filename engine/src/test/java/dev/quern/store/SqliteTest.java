package dev.quern.store;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteTest {

  @ParameterizedTest
  @ValueSource(strings = {"3.7.17", "3.51.2", "2.8.17"})
  void a_version_that_may_corrupt_databases_is_refused(String version) {
    StoreException refusal =
        assertThrows(StoreException.Unusable.class, () -> Sqlite.checkVersion(version));

    assertEquals(
        "SQLite "
            + version
            + " may corrupt databases in WAL mode: use sqlite-jdbc 3.51.3.0 or newer",
        refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.51.3", "3.54.1", "4.0.0"})
  void a_version_without_that_fault_is_accepted(String version) {
    assertDoesNotThrow(() -> Sqlite.checkVersion(version));
  }

  /// What SQLite does by itself when it cannot open a file for writing at that moment.
  @Test
  void a_connection_that_can_only_read_is_not_taken_for_one_that_writes(@TempDir Path directory)
      throws SQLException {
    Sqlite sqlite = new Sqlite(directory.resolve("app.db"));
    Connection writing = DriverManager.getConnection(sqlite.url());
    Connection reading = DriverManager.getConnection(readOnly(sqlite));
    try (writing;
        reading) {
      sqlite.open(writing, false);

      SQLException refusal = assertThrows(SQLException.class, () -> sqlite.open(reading, false));
      assertEquals(Dialect.Fault.READ_ONLY, sqlite.fault(refusal));
      assertDoesNotThrow(() -> sqlite.open(reading, true));
    }
  }

  private static String readOnly(Sqlite sqlite) {
    return "jdbc:sqlite:file:" + sqlite.file() + "?mode=ro";
  }

  @Test
  void a_setting_that_is_not_taken_is_an_error() throws SQLException {
    Sqlite nowhere = new Sqlite(Path.of(":memory:"));
    try (Connection connection = DriverManager.getConnection(nowhere.url())) {
      StoreException refusal =
          assertThrows(StoreException.Unusable.class, () -> nowhere.open(connection, false));

      assertEquals("SQLite did not take journal_mode=wal, it is memory", refusal.getMessage());
    }
  }

  @Test
  void a_database_whose_texts_are_not_utf_8_is_refused(@TempDir Path directory)
      throws SQLException {
    Sqlite sqlite = new Sqlite(directory.resolve("app.db"));
    try (Connection connection = DriverManager.getConnection(sqlite.url());
        Statement statement = connection.createStatement()) {
      statement.execute("pragma encoding = 'UTF-16le'");
      statement.execute("create table mine (word text)");

      StoreException refusal =
          assertThrows(StoreException.Unusable.class, () -> sqlite.open(connection, false));

      assertEquals(
          "the database keeps its texts as UTF-16le, and Quern reads UTF-8, as SQLite makes it:"
              + " copy them to a new file",
          refusal.getMessage());
    }
  }
}
