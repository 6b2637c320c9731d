package dev.quern.webhook;

import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.Optional;

/// All the SQL of `quern_webhook_secret`.
final class SecretTable {
  private SecretTable() {}

  private static final String FIND =
      "select secret, old_secret, old_until from quern_webhook_secret where tenant = ?";

  /// What signs deliveries to URLs of single jobs of a tenant.
  static Optional<Keys> find(Tx tx, String tenant) throws SQLException {
    return tx.first(FIND, row -> WebhookTable.keys(row, 1), tenant);
  }

  private static final String PUT =
      """
      insert into quern_webhook_secret (tenant, secret, old_secret, old_until) values (?, ?, ?, ?)
      on conflict (tenant) do update
         set secret = excluded.secret, old_secret = excluded.old_secret,
             old_until = excluded.old_until
      """;

  static Keys put(Tx tx, String tenant, Keys keys) throws SQLException {
    String old = keys.old().map(Secret::text).orElse(null);
    tx.update(PUT, tenant, keys.current().text(), old, keys.oldUntil());
    return keys;
  }
}
