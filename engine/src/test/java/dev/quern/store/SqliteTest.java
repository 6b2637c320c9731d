package dev.quern.store;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.StoreException;
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
}
