package dev.quern.core;

import dev.quern.store.Contradiction;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// All the SQL of `quern_lane`.
final class LaneTable {
  private LaneTable() {}

  private static final String NEWER =
      "select id, tenant, kind, requires from quern_lane where id > ? order by id";

  /// The lanes with larger ids.
  static List<Lane> newerThan(Tx tx, long id) throws SQLException {
    return tx.query(NEWER, LaneTable::lane, id);
  }

  private static final String FIND =
      "select id, tenant, kind, requires from quern_lane where kind = ? and tenant = ? and requires"
          + " = ?";

  static Optional<Lane> find(Tx tx, Lane.Key key) throws SQLException {
    return tx.first(FIND, LaneTable::lane, key.kind(), key.tenant(), key.requires());
  }

  private static final String INSERT =
      "insert into quern_lane (tenant, kind, requires) values (?, ?, ?) returning id";

  /// The lane with this key, which is added if there is none.
  static Lane findOrInsert(Tx tx, Lane.Key key) throws SQLException {
    Optional<Lane> found = find(tx, key);
    if (found.isPresent()) {
      return found.get();
    }
    long id = tx.number(INSERT, key.tenant(), key.kind(), key.requires());
    return new Lane(id, key.tenant(), key.kind(), Lane.split(key.requires()));
  }

  private static final String ADD =
      """
      {insert or ignore} into quern_lane (tenant, kind, requires)
      values (?, ?, ?) {on conflict ignore}
      """;

  /// The lane with this key, in a transaction of a caller's. It writes before it reads: a
  /// transaction that has read can write no more once another connection has committed.
  static Lane addOrFind(Tx tx, Lane.Key key) throws SQLException {
    tx.update(ADD, key.tenant(), key.kind(), key.requires());
    return find(tx, key).orElseThrow(() -> new Contradiction("a lane cannot be found: " + key));
  }

  private static Lane lane(ResultSet row) throws SQLException {
    return new Lane(
        row.getLong(1), row.getString(2), row.getString(3), Lane.split(row.getString(4)));
  }
}
