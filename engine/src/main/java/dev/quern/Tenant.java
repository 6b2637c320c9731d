package dev.quern;

import java.time.Instant;
import java.util.Optional;

/// One of those who share a store.
///
/// @param id what its jobs and tokens carry; never given twice
/// @param policy what holds for it
/// @param createdAt when it was created
/// @param suspendedAt since when it is suspended
public record Tenant(
    String id, TenantPolicy policy, Instant createdAt, Optional<Instant> suspendedAt) {

  /// The longest id, in characters.
  public static final int ID_LIMIT = 63;
}
