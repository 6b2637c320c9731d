package dev.quern;

import dev.quern.json.Texts;
import java.util.Optional;

/// What holds for a tenant, in every process. Immutable; each method with an argument returns a
/// changed copy.
///
/// @param name for people, 1 to 255 characters
/// @param liveJobs how many jobs that have not ended it may have; default: no limit
/// @param payloadBytes how many bytes the payloads of these may have together; default: no limit
/// @param suspended whether it may enqueue nothing, and its jobs are not claimed; those that run go
///   on; default false
public record TenantPolicy(
    String name, Optional<Long> liveJobs, Optional<Long> payloadBytes, boolean suspended) {

  /// The largest quota.
  public static final long QUOTA_LIMIT = 1L << 50;

  /// A policy with its bounds checked.
  public TenantPolicy {
    Texts.checked("tenant name", name, NewJob.NAME_LIMIT);
    liveJobs.ifPresent(n -> Limits.between("live jobs", n, 0, QUOTA_LIMIT));
    payloadBytes.ifPresent(n -> Limits.between("payload bytes", n, 0, QUOTA_LIMIT));
  }

  /// The policy of a new tenant: no limits.
  public static TenantPolicy of(String name) {
    return new TenantPolicy(name, Optional.empty(), Optional.empty(), false);
  }

  /// With this name.
  public TenantPolicy name(String name) {
    return new TenantPolicy(name, liveJobs, payloadBytes, suspended);
  }

  /// With at most so many live jobs.
  public TenantPolicy liveJobs(long liveJobs) {
    return new TenantPolicy(name, Optional.of(liveJobs), payloadBytes, suspended);
  }

  /// With at most so many bytes of payload in live jobs.
  public TenantPolicy payloadBytes(long payloadBytes) {
    return new TenantPolicy(name, liveJobs, Optional.of(payloadBytes), suspended);
  }

  /// With no limits.
  public TenantPolicy withoutQuotas() {
    return new TenantPolicy(name, Optional.empty(), Optional.empty(), suspended);
  }

  /// Suspended or not.
  public TenantPolicy suspended(boolean suspended) {
    return new TenantPolicy(name, liveJobs, payloadBytes, suspended);
  }

  /// Whether anything is ever refused to it.
  public boolean restricts() {
    return suspended || liveJobs.isPresent() || payloadBytes.isPresent();
  }
}
