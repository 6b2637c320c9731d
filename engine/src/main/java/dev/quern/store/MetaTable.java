package dev.quern.store;

import java.sql.SQLException;
import java.util.Optional;

/// All the SQL of `quern_meta`: the schema version and the identity of the store.
public final class MetaTable {
  private MetaTable() {}

  static boolean exists(Tx tx) throws SQLException {
    return tx.number(tx.dialect().findTable(), "quern_meta") > 0;
  }

  private static final String GET = "select value from quern_meta where key = ?";

  /// The value of a key.
  public static Optional<String> get(Tx tx, String key) throws SQLException {
    return tx.first(GET, row -> row.getString(1), key);
  }

  private static final String PUT =
      """
      insert into quern_meta (key, value) values (?, ?)
      on conflict (key) do update set value = excluded.value
      """;

  /// Sets the value of a key.
  public static void put(Tx tx, String key, String value) throws SQLException {
    tx.update(PUT, key, value);
  }
}
