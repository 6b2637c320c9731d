package dev.quern.core;

import java.util.Optional;

/// Whose jobs are seen: those of one tenant, or all. What is outside is absent.
///
/// @param tenant the tenant; empty for all
public record Scope(Optional<String> tenant) {
  /// All jobs.
  public static final Scope ALL = new Scope(Optional.empty());

  /// As an argument of SQL: null for all.
  public String argument() {
    return tenant.orElse(null);
  }

  /// Whether a tenant's jobs are seen.
  boolean sees(String other) {
    return tenant.isEmpty() || tenant.get().equals(other);
  }
}
