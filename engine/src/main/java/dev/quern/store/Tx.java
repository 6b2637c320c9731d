package dev.quern.store;

import dev.quern.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The statements of one connection, prepared once and kept. Whoever has a `Tx` is inside a
/// transaction, begun by the [Writer], by [Readers], or by the caller whose connection it is. Used
/// by one thread at a time.
///
/// SQL may have `{numbers}` and the like in it, for which the words of the database are put in:
/// [Dialect#inWords]. Arguments may be `Long`, `Integer`, `Double`, `String`, `byte[]` or null.
public final class Tx implements AutoCloseable {
  private final Connection connection;
  private final Dialect dialect;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /// The statements of `connection`, which the caller goes on to own.
  public Tx(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  /// Reads the current row of a result.
  ///
  /// @param <T> what a row becomes
  public interface Row<T> {
    /// Reads one row.
    T read(ResultSet row) throws SQLException;
  }

  /// The words of the database.
  public Dialect dialect() {
    return dialect;
  }

  /// Runs `sql` and returns the number of rows it changed.
  public int update(String sql, Object... arguments) throws SQLException {
    return bound(sql, arguments).executeUpdate();
  }

  /// Runs `sql` and returns all its rows; the cursor is closed before this returns.
  public <T> List<T> query(String sql, Row<T> row, Object... arguments) throws SQLException {
    try (ResultSet rows = bound(sql, arguments).executeQuery()) {
      List<T> read = new ArrayList<>();
      while (rows.next()) {
        read.add(read(row, rows));
      }
      return read;
    }
  }

  private static <T> T read(Row<T> row, ResultSet rows) throws SQLException {
    try {
      return row.read(rows);
    } catch (StoreException fault) {
      throw fault;
    } catch (RuntimeException unreadable) {
      throw new Contradiction(unreadable);
    }
  }

  /// Runs `sql` and returns its first row, where there is one.
  public <T> Optional<T> first(String sql, Row<T> row, Object... arguments) throws SQLException {
    List<T> rows = query(sql, row, arguments);
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
  }

  /// Runs `sql` and returns the number in its first row, or 0 without a row.
  public long number(String sql, Object... arguments) throws SQLException {
    return first(sql, row -> row.getLong(1), arguments).orElse(0L);
  }

  /// The prepared statement of `sql`, for loops in which binding by type matters. Not to be closed.
  public PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(dialect.inWords(sql));
      prepared.put(sql, statement);
    }
    return statement;
  }

  /// Runs all statements of a script, which are separated by a semicolon at the end of a line.
  public void script(String script) throws SQLException {
    for (String sql : script.split(";\\s*\\n")) {
      if (!sql.isBlank()) {
        run(sql);
      }
    }
  }

  /// Runs one statement without keeping it.
  public void run(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(dialect.inWords(sql))) {
      statement.execute();
    }
  }

  /// A number that changes when another connection commits, and only then. Asked hundreds of times
  /// a second, so it takes the short way.
  long dataVersion() throws SQLException {
    try (ResultSet row = prepared(dialect.dataVersion()).executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private PreparedStatement bound(String sql, Object[] arguments) throws SQLException {
    PreparedStatement statement = prepared(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }

  /// Ends a transaction in which a statement has failed, if it has not ended by itself. No
  /// statement is used again: the driver closes one that fails, and keeps what was added to its
  /// batch.
  void abandon() {
    close();
    try {
      run("rollback");
    } catch (SQLException _) {
      // It has ended by itself, as a full disk ends it.
    }
  }

  /// Closes the statements, not the connection.
  @Override
  public void close() {
    prepared.values().forEach(Tx::close);
    prepared.clear();
  }

  private static void close(PreparedStatement statement) {
    try {
      statement.close();
    } catch (SQLException _) {
      // It tells once more how it failed.
    }
  }
}
