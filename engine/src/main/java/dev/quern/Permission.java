package dev.quern;

import java.util.Locale;

/// What a token lets its bearer do.
public enum Permission {
  /// Look at jobs, kinds, counts and events.
  JOBS_READ,
  /// Enqueue, cancel, requeue and delete jobs.
  JOBS_WRITE,
  /// Claim jobs, and end what was claimed.
  WORKER,
  /// Change policies of kinds, pause and resume them.
  KINDS_WRITE,
  /// Read artifacts.
  ARTIFACTS_READ,
  /// Put and delete artifacts.
  ARTIFACTS_WRITE,
  /// Change webhooks.
  WEBHOOKS_WRITE,
  /// Everything, tokens included; without a tenant, tenants too.
  ADMIN;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', ':');

  /// The name in SQL and JSON, such as `jobs:read`.
  public String label() {
    return label;
  }

  /// The permission with this label.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists them
  public static Permission of(String label) {
    return Labels.find(Permission.class, label, Permission::label);
  }
}
