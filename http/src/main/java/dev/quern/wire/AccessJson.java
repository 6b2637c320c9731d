package dev.quern.wire;

import dev.quern.IssuedToken;
import dev.quern.Permission;
import dev.quern.Tenant;
import dev.quern.TenantUsage;
import dev.quern.Token;
import dev.quern.json.JsonWriter;
import java.util.Optional;
import java.util.Set;

/// Tenants and tokens in JSON.
public final class AccessJson {
  private AccessJson() {}

  /// A token as one object, without its secret.
  public static void write(JsonWriter json, Token token) {
    json.beginObject();
    members(json, token);
    json.endObject();
  }

  /// A token that has just been issued, as one object: its text is there this once.
  public static void write(JsonWriter json, IssuedToken issued) {
    json.beginObject();
    new Members(json).text("token", issued.text());
    members(json, issued.token());
    json.endObject();
  }

  private static void members(JsonWriter json, Token token) {
    new Members(json).text("id", token.id()).text("name", token.name());
    permissions(json, token.permissions());
    new Members(json)
        .text("tenant", token.tenant())
        .time("createdAt", token.createdAt())
        .time("expiresAt", token.expiresAt())
        .time("revokedAt", token.revokedAt())
        .time("usedAt", token.usedAt());
  }

  /// Permissions as a member.
  public static void permissions(JsonWriter json, Set<Permission> permissions) {
    new Members(json)
        .texts("permissions", permissions.stream().map(Permission::label).sorted().toList());
  }

  /// A tenant as one object; with what it uses, where that was looked at.
  public static void write(JsonWriter json, Tenant tenant, Optional<TenantUsage> usage) {
    json.beginObject();
    new Members(json)
        .text("id", tenant.id())
        .text("name", tenant.policy().name())
        .number("liveJobs", tenant.policy().liveJobs())
        .number("payloadBytes", tenant.policy().payloadBytes())
        .truth("suspended", tenant.policy().suspended())
        .time("createdAt", tenant.createdAt())
        .time("suspendedAt", tenant.suspendedAt());
    usage.ifPresent(used -> write(json, used));
    json.endObject();
  }

  private static void write(JsonWriter json, TenantUsage used) {
    json.name("usage").beginObject();
    new Members(json)
        .number("liveJobs", used.liveJobs())
        .number("payloadBytes", used.payloadBytes());
    json.endObject();
  }
}
