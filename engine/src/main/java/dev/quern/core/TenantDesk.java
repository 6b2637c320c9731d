package dev.quern.core;

import dev.quern.Tenant;
import dev.quern.TenantPolicy;
import dev.quern.TenantUsage;
import dev.quern.Tenants;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// The tenants, as the lobby offers them.
public final class TenantDesk implements Tenants {
  private static final Pattern ID =
      Pattern.compile("[a-z0-9][a-z0-9._-]{0,%d}".formatted(Tenant.ID_LIMIT - 1));

  private final Core core;

  /// The tenants of the store of an engine.
  public TenantDesk(Core core) {
    this.core = core;
  }

  @Override
  public Optional<Tenant> create(String id, UnaryOperator<TenantPolicy> change) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "a tenant's id of %,d characters: must be 1 to %d of a to z, 0 to 9, . _ and -"
              .formatted(id.length(), Tenant.ID_LIMIT));
    }
    TenantPolicy policy = change.apply(TenantPolicy.of(id));
    return core.write(tx ->
        TenantTable.get(tx, id).isPresent()
            ? Optional.empty()
            : Optional.of(put(tx, id, policy, Optional.empty())));
  }

  @Override
  public Optional<Tenant> get(String id) {
    return core.read(tx -> TenantTable.get(tx, id));
  }

  @Override
  public List<Tenant> list() {
    return core.read(TenantTable::all);
  }

  @Override
  public Optional<Tenant> update(String id, UnaryOperator<TenantPolicy> change) {
    return core.write(tx -> {
      Optional<Tenant> before = TenantTable.get(tx, id);
      return before.isEmpty()
          ? before
          : Optional.of(put(tx, id, change.apply(before.get().policy()), before));
    });
  }

  private Tenant put(Tx tx, String id, TenantPolicy policy, Optional<Tenant> before)
      throws SQLException {
    Instant now = Instant.ofEpochMilli(core.now());
    Optional<Instant> since = before.flatMap(Tenant::suspendedAt).or(() -> Optional.of(now));
    Tenant tenant =
        new Tenant(
            id,
            policy,
            before.map(Tenant::createdAt).orElse(now),
            policy.suspended() ? since : Optional.empty());
    TenantTable.put(tx, tenant);
    core.ledger().tenants().changed(tx);
    return tenant;
  }

  @Override
  public Optional<TenantUsage> usage(String id) {
    return core.read(tx ->
        TenantTable.get(tx, id).isPresent()
            ? Optional.of(TenantTable.usage(tx, id, true))
            : Optional.empty());
  }
}
