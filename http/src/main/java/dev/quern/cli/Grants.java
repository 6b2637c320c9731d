package dev.quern.cli;

import dev.quern.IssuedToken;
import dev.quern.NewToken;
import dev.quern.Tenant;
import dev.quern.TenantPolicy;
import dev.quern.TenantUsage;
import dev.quern.Token;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The tokens and tenants of a [Queue].
interface Grants {

  /// A tenant and what it uses.
  record Used(Tenant tenant, TenantUsage usage) {}

  /// Issues a token.
  ///
  /// @param lifetime from now on; for ever if empty
  IssuedToken issue(NewToken token, Optional<Duration> lifetime);

  /// All tokens, by time.
  List<Token> tokens();

  /// Revokes a token; to do it twice is fine.
  ///
  /// @return whether there is one with this id
  boolean revoke(String id);

  /// Creates a tenant; empty if there is one with this id.
  Optional<Tenant> create(String id, TenantPolicy policy);

  /// All tenants, by id.
  List<Tenant> tenants();

  /// A tenant.
  Optional<Used> tenant(String id);

  /// Suspends a tenant, or lets it go on; to do it twice is fine. Empty if there is none.
  Optional<Tenant> suspend(String id, boolean suspended);
}
