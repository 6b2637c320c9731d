package dev.quern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestTest {
  private static final StoreException LATER = new StoreException("the next half", null);

  private static Request<Work<Long>, Long> applied() throws SQLException {
    Request<Work<Long>, Long> request =
        new Request<>(Alone.step(), tx -> tx.number("select 7"), 1, 0, null);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:");
        Tx tx = new Tx(connection, new Sqlite(Path.of("none")))) {
      Request.applyAll(tx, List.of(request));
    }
    return request;
  }

  @Test
  void what_is_durable_is_the_answer_whatever_fails_afterwards() throws SQLException {
    var request = applied();
    request.beDurable();

    request.fail(LATER);

    assertEquals(7, request.await());
  }

  @Test
  void what_is_not_durable_is_answered_with_the_fault() throws SQLException {
    var request = applied();

    request.fail(LATER);

    assertEquals(LATER, assertThrows(StoreException.class, request::await));
  }
}
