package dev.quern.cli;

import dev.quern.Access;
import dev.quern.IssuedToken;
import dev.quern.NewToken;
import dev.quern.Tenant;
import dev.quern.TenantPolicy;
import dev.quern.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The tokens and tenants in a database of this machine.
record LocalGrants(Access access) implements Grants {

  @Override
  public IssuedToken issue(NewToken token, Optional<Duration> lifetime) {
    return access
        .tokens()
        .issue(lifetime.map(Instant.now()::plus).map(token::expiresAt).orElse(token));
  }

  @Override
  public List<Token> tokens() {
    return access.tokens().list();
  }

  @Override
  public boolean revoke(String id) {
    access.tokens().revoke(id);
    return access.tokens().get(id).isPresent();
  }

  @Override
  public Optional<Tenant> create(String id, TenantPolicy policy) {
    return access.tenants().create(id, _ -> policy);
  }

  @Override
  public List<Tenant> tenants() {
    return access.tenants().list();
  }

  @Override
  public Optional<Used> tenant(String id) {
    return access
        .tenants()
        .get(id)
        .flatMap(tenant -> access.tenants().usage(id).map(usage -> new Used(tenant, usage)));
  }

  @Override
  public Optional<Tenant> suspend(String id, boolean suspended) {
    return access.tenants().update(id, policy -> policy.suspended(suspended));
  }
}
