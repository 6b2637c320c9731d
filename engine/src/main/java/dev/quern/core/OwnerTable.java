package dev.quern.core;

import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/// All the SQL of `quern_owner`.
final class OwnerTable {
  private OwnerTable() {}

  /// An engine that opened the store.
  ///
  /// @param serves the kinds it has handlers for
  /// @param slots how many handlers it runs at once
  record Owner(
      long id,
      long pid,
      String host,
      long startedAt,
      Set<String> serves,
      Set<String> capabilities,
      int slots) {}

  private static final String INSERT =
      """
      insert into quern_owner (pid, host, started_at, capabilities) values (?, ?, ?, ?)
      returning id
      """;

  static long insert(Tx tx, long pid, String host, long now, Set<String> capabilities)
      throws SQLException {
    return tx.number(INSERT, pid, host, now, String.join(",", capabilities));
  }

  private static final String SERVE = "update quern_owner set serves = ?, slots = ? where id = ?";

  static void serve(Tx tx, long id, Set<String> kinds, int slots) throws SQLException {
    tx.update(SERVE, String.join("\n", kinds), slots, id);
  }

  private static final String ALL =
      "select id, pid, host, started_at, serves, capabilities, slots from quern_owner order by id";

  static List<Owner> all(Tx tx) throws SQLException {
    return tx.query(ALL, OwnerTable::owner);
  }

  private static final String DELETE =
      """
      delete from quern_owner
       where id = ?
         and not exists (select 1 from quern_job where state = 'running' and owner = ?)
         and not exists (select 1 from quern_job where uncounted is not null and owner = ?)
      """;

  /// Forgets an engine that is dead and has no jobs left.
  static void delete(Tx tx, long id) throws SQLException {
    tx.update(DELETE, id, id, id);
  }

  private static final String LATEST =
      """
      select max(coalesce((select max(started_at) from quern_owner), 0),
                 coalesce((select created_at from quern_job order by id desc limit 1), 0),
                 coalesce((select max(started_at) from quern_job where state = 'running'), 0))
      """;

  /// The latest time of an owner, a new job or a running one.
  static long latestTime(Tx tx) throws SQLException {
    return tx.number(LATEST);
  }

  private static Owner owner(ResultSet row) throws SQLException {
    return new Owner(
        row.getLong(1),
        row.getLong(2),
        Columns.present(row, 3),
        row.getLong(4),
        kinds(row.getString(5)),
        Set.copyOf(Lane.split(row.getString(6))),
        row.getInt(7));
  }

  private static Set<String> kinds(String text) {
    return text.isEmpty() ? Set.of() : Set.of(text.split("\n"));
  }
}
