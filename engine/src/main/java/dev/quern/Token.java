package dev.quern;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// A token without its secret.
///
/// @param id what it can be called in public
/// @param name for people
/// @param permissions what it lets its bearer do
/// @param tenant whose bearer is known by it; empty for the operator
/// @param createdAt when it was issued
/// @param expiresAt from when on it is refused
/// @param revokedAt since when it is refused
/// @param usedAt when it was last used, give or take a minute
public record Token(
    String id,
    String name,
    Set<Permission> permissions,
    Optional<String> tenant,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> revokedAt,
    Optional<Instant> usedAt) {

  /// Whether it lets its bearer do something.
  public boolean may(Permission permission) {
    return permissions.contains(permission) || permissions.contains(Permission.ADMIN);
  }

  /// Whether it is good at a time.
  public boolean validAt(Instant now) {
    return revokedAt.isEmpty() && expiresAt.map(now::isBefore).orElse(true);
  }
}
