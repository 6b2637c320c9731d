package dev.quern;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The tenants of a store. Without any, everything is as if there were none; what is enqueued by
/// [Quern] itself belongs to none. Safe for use by several threads.
public sealed interface Tenants permits dev.quern.core.TenantDesk {

  /// Creates a tenant. Its policy starts without limits, its id for a name.
  ///
  /// @param id 1 to 63 characters of `a` to `z`, `0` to `9`, `.`, `_` and `-`; a letter or digit
  ///   first
  /// @return empty if there is one with this id
  /// @throws IllegalArgumentException if the id cannot be one
  Optional<Tenant> create(String id, UnaryOperator<TenantPolicy> change);

  /// A tenant.
  Optional<Tenant> get(String id);

  /// All tenants, by id.
  List<Tenant> list();

  /// Changes the policy of a tenant, from the next write of every process on. A quota below what is
  /// used lets nothing in until enough has ended.
  ///
  /// @return empty if there is no such tenant
  Optional<Tenant> update(String id, UnaryOperator<TenantPolicy> change);

  /// What a tenant uses. The cost grows with its live jobs.
  ///
  /// @return empty if there is no such tenant
  Optional<TenantUsage> usage(String id);
}
