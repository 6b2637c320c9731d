package dev.quern.webhook;

import dev.quern.JobState;
import dev.quern.Webhook;
import dev.quern.core.Scope;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// All the SQL of `quern_webhook`.
final class WebhookTable {
  private WebhookTable() {}

  /// A webhook and what signs its deliveries.
  record Row(Webhook webhook, Keys keys) {}

  private static final String INSERT =
      """
      insert into quern_webhook (id, tenant, url, states, kinds, description, secret, created_at)
      values (?, ?, ?, ?, ?, ?, ?, ?)
      """;

  static void insert(Tx tx, Webhook webhook, Secret secret) throws SQLException {
    tx.update(
        INSERT,
        webhook.id(),
        webhook.tenant(),
        webhook.url(),
        states(webhook),
        kinds(webhook),
        webhook.description(),
        secret.text(),
        webhook.createdAt().toEpochMilli());
  }

  private static String states(Webhook webhook) {
    return webhook.states().stream().sorted().map(JobState::label).collect(Collectors.joining(","));
  }

  private static String kinds(Webhook webhook) {
    return webhook.kinds().stream().sorted().collect(Collectors.joining("\n"));
  }

  private static final String COUNT = "select count(*) from quern_webhook where tenant = ?";

  static long count(Tx tx, String tenant) throws SQLException {
    return tx.number(COUNT, tenant);
  }

  private static final String COLUMNS =
      """
      select id, tenant, url, states, kinds, description, created_at, failing_since, disabled_at,
             disabled_reason, secret, old_secret, old_until
        from quern_webhook
      """;

  private static final String FIND = COLUMNS + " where id = ? and tenant = coalesce(?, tenant)";

  /// A webhook that a scope sees.
  static Optional<Row> find(Tx tx, String id, Scope scope) throws SQLException {
    return tx.first(FIND, WebhookTable::row, id, scope.argument());
  }

  private static final String ALL =
      COLUMNS + " where tenant = coalesce(?, tenant) order by created_at, id";

  /// The webhooks that a scope sees, by time.
  static List<Webhook> all(Tx tx, Scope scope) throws SQLException {
    return tx.query(ALL, row -> row(row).webhook(), scope.argument());
  }

  private static final String UPDATE =
      "update quern_webhook set url = ?, states = ?, kinds = ?, description = ? where id = ?";

  static void update(Tx tx, Webhook webhook) throws SQLException {
    tx.update(
        UPDATE,
        webhook.url(),
        states(webhook),
        kinds(webhook),
        webhook.description(),
        webhook.id());
  }

  private static final String SECRETS =
      "update quern_webhook set secret = ?, old_secret = ?, old_until = ? where id = ?";

  static void keys(Tx tx, String id, Keys keys) throws SQLException {
    String old = keys.old().map(Secret::text).orElse(null);
    tx.update(SECRETS, keys.current().text(), old, keys.oldUntil(), id);
  }

  private static final String DISABLE =
      """
      update quern_webhook set disabled_at = ?, disabled_reason = ?
       where id = ? and disabled_at is null
      """;

  static void disable(Tx tx, String id, String reason, long now) throws SQLException {
    tx.update(DISABLE, now, reason, id);
  }

  private static final String ENABLE =
      """
      update quern_webhook set disabled_at = null, disabled_reason = null, failing_since = null
       where id = ?
      """;

  static void enable(Tx tx, String id) throws SQLException {
    tx.update(ENABLE, id);
  }

  private static final String FAILING =
      "update quern_webhook set failing_since = coalesce(failing_since, ?) where id = ?";

  static boolean failing(Tx tx, String id, long now) throws SQLException {
    return tx.update(FAILING, now, id) == 1;
  }

  private static final String WORKING =
      "update quern_webhook set failing_since = null where id = ?";

  static boolean working(Tx tx, String id) throws SQLException {
    return tx.update(WORKING, id) == 1;
  }

  private static final String DELETE = "delete from quern_webhook where id = ?";

  static void delete(Tx tx, String id) throws SQLException {
    tx.update(DELETE, id);
  }

  private static Row row(ResultSet row) throws SQLException {
    Keys keys = keys(row, 11);
    Webhook webhook =
        new Webhook(
            row.getString(1),
            row.getString(2),
            row.getString(3),
            Arrays.stream(row.getString(4).split(","))
                .map(JobState::of)
                .collect(Collectors.toUnmodifiableSet()),
            row.getString(5).isEmpty() ? Set.of() : Set.of(row.getString(5).split("\n")),
            row.getString(6),
            keys.current().publicKey(),
            Instant.ofEpochMilli(row.getLong(7)),
            instant(row, 8),
            instant(row, 9),
            Optional.ofNullable(row.getString(10)));
    return new Row(webhook, keys);
  }

  /// Secrets in three columns, the first of which is `column`.
  static Keys keys(ResultSet row, int column) throws SQLException {
    return new Keys(
        Secret.parse(row.getString(column)),
        Optional.ofNullable(row.getString(column + 1)).map(Secret::parse),
        row.getLong(column + 2));
  }

  static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
    return number(row, column).map(Instant::ofEpochMilli);
  }

  static Optional<Long> number(ResultSet row, int column) throws SQLException {
    long number = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(number);
  }
}
