package dev.quern;

import dev.quern.json.Texts;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// A token to be issued. Immutable; each method with an argument returns a changed copy.
///
/// @param name for people, 1 to 255 characters
/// @param permissions what it lets its bearer do; at least one
/// @param tenant whose bearer is known by it; default: the operator's
/// @param expiresAt from when on it is refused; default: never
public record NewToken(
    String name,
    Set<Permission> permissions,
    Optional<String> tenant,
    Optional<Instant> expiresAt) {

  /// A token with its bounds checked.
  public NewToken {
    Texts.checked("token name", name, NewJob.NAME_LIMIT);
    permissions = Set.copyOf(permissions);
    if (permissions.isEmpty()) {
      throw new IllegalArgumentException("a token without permissions is of no use: name some");
    }
    expiresAt.ifPresent(Limits::at);
  }

  /// A token of the operator that never expires.
  public static NewToken of(String name, Permission... permissions) {
    return new NewToken(name, Set.of(permissions), Optional.empty(), Optional.empty());
  }

  /// For a tenant.
  public NewToken tenant(String id) {
    return new NewToken(name, permissions, Optional.of(id), expiresAt);
  }

  /// Until then.
  public NewToken expiresAt(Instant at) {
    return new NewToken(name, permissions, tenant, Optional.of(at));
  }
}
