package dev.quern.access;

import dev.quern.Access;
import dev.quern.Tenants;
import dev.quern.Tokens;
import dev.quern.core.Core;
import dev.quern.core.TenantDesk;

/// Tenants and tokens of a store. What holds for tenants is kept by the core, which asks for it
/// with every job.
public final class AccessRoom implements Access {
  private final Tenants tenants;
  private final Tokens tokens;

  /// The tenants and tokens of the store of an engine.
  public AccessRoom(Core core) {
    tenants = new TenantDesk(core);
    tokens = new TokenDesk(core);
  }

  @Override
  public Tenants tenants() {
    return tenants;
  }

  @Override
  public Tokens tokens() {
    return tokens;
  }
}
