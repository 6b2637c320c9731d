package dev.quern.access;

import dev.quern.NewToken;
import dev.quern.Permission;
import dev.quern.Token;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// All the SQL of `quern_token`.
final class TokenTable {
  private TokenTable() {}

  /// A token and the digest of its secret.
  record Row(Token token, String digest) {}

  private static final String INSERT =
      """
      insert into quern_token (id, tenant, name, scopes, digest, created_at, expires_at)
      values (?, ?, ?, ?, ?, ?, ?)
      """;

  static void insert(Tx tx, String id, NewToken token, String digest, long now)
      throws SQLException {
    tx.update(
        INSERT,
        id,
        token.tenant().orElse(null),
        token.name(),
        scopes(token.permissions()),
        digest,
        now,
        token.expiresAt().map(Instant::toEpochMilli).orElse(null));
  }

  private static String scopes(Set<Permission> permissions) {
    return permissions.stream().sorted().map(Permission::label).collect(Collectors.joining(","));
  }

  private static final String KNOWN_TENANT = "select count(*) from quern_tenant where id = ?";

  static boolean knowsTenant(Tx tx, String tenant) throws SQLException {
    return tx.number(KNOWN_TENANT, tenant) == 1;
  }

  private static final String COLUMNS =
      """
      select id, tenant, name, scopes, created_at, expires_at, revoked_at, used_at, digest
        from quern_token
      """;

  private static final String FIND = COLUMNS + " where id = ?";

  static Optional<Row> find(Tx tx, String id) throws SQLException {
    return tx.first(FIND, TokenTable::row, id);
  }

  private static final String ALL = COLUMNS + " order by created_at, id";

  static List<Row> all(Tx tx) throws SQLException {
    return tx.query(ALL, TokenTable::row);
  }

  private static final String REVOKE =
      "update quern_token set revoked_at = ? where id = ? and revoked_at is null";

  static boolean revoke(Tx tx, String id, long now) throws SQLException {
    return tx.update(REVOKE, now, id) == 1;
  }

  private static final String USE =
      "update quern_token set used_at = ? where id = ? and coalesce(used_at, 0) < ?";

  /// Takes note of a use, unless there is a later one.
  static boolean use(Tx tx, String id, long now) throws SQLException {
    return tx.update(USE, now, id, now) == 1;
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        new Token(
            row.getString(1),
            row.getString(3),
            permissions(row.getString(4)),
            Optional.ofNullable(row.getString(2)),
            Instant.ofEpochMilli(row.getLong(5)),
            instant(row, 6),
            instant(row, 7),
            instant(row, 8)),
        row.getString(9));
  }

  private static Set<Permission> permissions(String scopes) {
    return Arrays.stream(scopes.split(","))
        .map(Permission::of)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
