package dev.quern.worker;

import dev.quern.Directive;
import dev.quern.Worker;
import dev.quern.WorkerReport;
import dev.quern.core.Scope;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All the SQL of `quern_worker`.
final class WorkerTable {
  private WorkerTable() {}

  /// What tells a worker from others.
  ///
  /// @param tenant empty text for the operator's
  record Key(String tenant, String name) {}

  private static final String PUT =
      """
      insert into quern_worker
        (tenant, name, kinds, capabilities, host, pid, version, slots, created_at, seen_at, due_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (tenant, name) do update set
        kinds = excluded.kinds, capabilities = excluded.capabilities, host = excluded.host,
        pid = excluded.pid, version = excluded.version, slots = excluded.slots,
        seen_at = excluded.seen_at, due_at = excluded.due_at
      """;

  /// Keeps a report.
  ///
  /// @param dueAt when the next sign is due
  static void put(Tx tx, Key key, WorkerReport report, long now, long dueAt) throws SQLException {
    Worker.About about = report.about();
    tx.update(
        PUT,
        key.tenant(),
        key.name(),
        String.join("\n", report.kinds()),
        String.join("\n", report.capabilities()),
        about.host().orElse(null),
        about.pid().orElse(null),
        about.version().orElse(null),
        about.slots().orElse(null),
        now,
        now,
        dueAt);
  }

  private static final String DIRECT =
      """
      insert into quern_worker (tenant, name, created_at, seen_at, due_at, directive)
      values (?, ?, ?, ?, ?, ?)
      on conflict (tenant, name) do update set directive = excluded.directive
      """;

  static void direct(Tx tx, Key key, long now, Directive directive) throws SQLException {
    tx.update(DIRECT, key.tenant(), key.name(), now, now, now, directive.label());
  }

  private static final String DIRECTED =
      "select tenant, name, directive from quern_worker where directive <> 'run'";

  /// What workers are told to do, where that is not to work.
  static Map<Key, Directive> directed(Tx tx) throws SQLException {
    Map<Key, Directive> directed = new HashMap<>();
    tx.query(
        DIRECTED,
        row ->
            directed.put(
                new Key(row.getString(1), row.getString(2)), Directive.of(row.getString(3))));
    return directed;
  }

  private static final String ELSEWHERE =
      """
      select name, tenant, kinds, capabilities, host, pid, version, slots, created_at, seen_at,
             due_at, directive
        from quern_worker
       where substr(name, 1, 1) <> '@' and tenant = coalesce(?, tenant)
       order by tenant, name
      """;

  /// The workers elsewhere.
  ///
  /// @param lostAt who was due before this is lost
  static List<Worker> elsewhere(Tx tx, Scope scope, long lostAt) throws SQLException {
    return tx.query(ELSEWHERE, row -> worker(row, lostAt), scope.argument());
  }

  private static Worker worker(ResultSet row, long lostAt) throws SQLException {
    return new Worker(
        row.getString(1),
        Optional.of(row.getString(2)).filter(tenant -> !tenant.isEmpty()),
        false,
        names(row.getString(3)),
        names(row.getString(4)),
        about(row),
        Instant.ofEpochMilli(row.getLong(9)),
        Optional.of(Instant.ofEpochMilli(row.getLong(10))),
        row.getLong(11) < lostAt,
        Directive.of(row.getString(12)));
  }

  private static Worker.About about(ResultSet row) throws SQLException {
    return new Worker.About(
        Optional.ofNullable(row.getString(5)),
        number(row, 6),
        Optional.ofNullable(row.getString(7)),
        number(row, 8).map(Math::toIntExact));
  }

  private static Optional<Long> number(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(value);
  }

  private static Set<String> names(String lines) {
    return lines.isEmpty() ? Set.of() : Set.of(lines.split("\n"));
  }

  private static final String FORGET = "delete from quern_worker where due_at < ?";

  /// Forgets who was due before a time.
  static void forget(Tx tx, long before) throws SQLException {
    tx.update(FORGET, before);
  }
}
