package dev.quern.cli;

import dev.quern.IssuedToken;
import dev.quern.Permission;
import dev.quern.Tenant;
import dev.quern.TenantPolicy;
import dev.quern.TenantUsage;
import dev.quern.Token;
import java.util.stream.Collectors;

/// Reads tokens and tenants as [dev.quern.wire.AccessJson] writes them.
final class GrantReader {
  private GrantReader() {}

  static Token token(Received token) {
    return new Token(
        token.text("id"),
        token.text("name"),
        token.texts("permissions").stream().map(Permission::of).collect(Collectors.toSet()),
        token.perhapsText("tenant"),
        token.time("createdAt"),
        token.perhapsTime("expiresAt"),
        token.perhapsTime("revokedAt"),
        token.perhapsTime("usedAt"));
  }

  static IssuedToken issued(Received issued) {
    return new IssuedToken(issued.text("token"), token(issued));
  }

  static Tenant tenant(Received tenant) {
    TenantPolicy policy =
        new TenantPolicy(
            tenant.text("name"),
            tenant.perhapsNumber("liveJobs"),
            tenant.perhapsNumber("payloadBytes"),
            tenant.truth("suspended"));
    return new Tenant(
        tenant.text("id"), policy, tenant.time("createdAt"), tenant.perhapsTime("suspendedAt"));
  }

  static Grants.Used used(Received tenant) {
    Received usage = tenant.object("usage");
    return new Grants.Used(
        tenant(tenant), new TenantUsage(usage.number("liveJobs"), usage.number("payloadBytes")));
  }
}
