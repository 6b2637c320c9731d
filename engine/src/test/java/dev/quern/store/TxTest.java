package dev.quern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Statements go on after a fault: the driver closes one that fails, for good.
class TxTest {
  private static final String INSERT = "insert into stone (weight) values (zeroblob(?))";
  private static final int PAGE = 4_096;

  @TempDir Path directory;

  private Connection connection;
  private Tx tx;

  @BeforeEach
  void open() throws SQLException {
    Path file = directory.resolve("test.db");
    connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    tx = new Tx(connection, new Sqlite(file));
    tx.run("create table stone (weight blob)");
  }

  @AfterEach
  void close() throws SQLException {
    tx.close();
    connection.close();
  }

  private void begin() throws SQLException {
    tx.prepared("begin immediate").executeUpdate();
  }

  private long stones() throws SQLException {
    return tx.number("select count(*) from stone");
  }

  @Test
  void a_transaction_that_ended_by_itself_is_abandoned_as_well_as_one_that_did_not()
      throws SQLException {
    tx.abandon();
    begin();
    tx.update(INSERT, 1);
    tx.abandon();

    begin();
    tx.update(INSERT, 1);
    tx.prepared("commit").executeUpdate();

    assertEquals(1, stones());
  }

  @Test
  void a_statement_that_found_the_disk_full_works_again_when_there_is_space() throws SQLException {
    tx.number("pragma max_page_count=4");
    begin();
    assertThrows(SQLException.class, () -> tx.update(INSERT, 10 * PAGE));
    tx.abandon();
    tx.number("pragma max_page_count=1000");

    begin();
    tx.update(INSERT, 10 * PAGE);
    tx.prepared("commit").executeUpdate();

    assertEquals(1, stones());
  }

  @Test
  void what_was_added_to_a_batch_is_gone_with_its_transaction() throws SQLException {
    begin();
    tx.prepared(INSERT).setInt(1, 1);
    tx.prepared(INSERT).addBatch();
    tx.abandon();

    begin();
    tx.prepared(INSERT).setInt(1, 1);
    tx.prepared(INSERT).addBatch();
    tx.prepared(INSERT).executeBatch();
    tx.prepared("commit").executeUpdate();

    assertEquals(1, stones());
  }
}
