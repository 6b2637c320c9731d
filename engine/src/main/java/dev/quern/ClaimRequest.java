package dev.quern;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a worker that claims by hand can take. Immutable; each method returns a changed copy.
///
/// @param kinds the kinds it serves
/// @param capabilities what it has
/// @param limit how many jobs it takes, between 1 and 1,000; default 1
/// @param lease how long it may stay silent, between 1 s and 1 h; default 60 s
/// @param affinityKey the key it prefers among jobs of equal priority
/// @param remote whether it lives outside this process: then its jobs are its own until their
///   leases run out, though this process die; default false
public record ClaimRequest(
    Set<String> kinds,
    Set<String> capabilities,
    int limit,
    Duration lease,
    Optional<String> affinityKey,
    boolean remote) {

  /// A request with its bounds checked.
  public ClaimRequest {
    kinds = Set.copyOf(kinds);
    capabilities = Set.copyOf(NewJob.names("capability", capabilities));
    Limits.between("limit", limit, 1, 1_000);
    Limits.between("lease", lease, Duration.ofSeconds(1), Duration.ofHours(1));
  }

  /// One job of these kinds.
  public static ClaimRequest of(String... kinds) {
    return new ClaimRequest(
        Set.copyOf(List.of(kinds)), Set.of(), 1, Duration.ofSeconds(60), Optional.empty(), false);
  }

  /// With these capabilities.
  public ClaimRequest capabilities(String... capabilities) {
    return new ClaimRequest(
        kinds, Set.copyOf(List.of(capabilities)), limit, lease, affinityKey, remote);
  }

  /// At most so many jobs.
  public ClaimRequest limit(int limit) {
    return new ClaimRequest(kinds, capabilities, limit, lease, affinityKey, remote);
  }

  /// With this lease.
  public ClaimRequest lease(Duration lease) {
    return new ClaimRequest(kinds, capabilities, limit, lease, affinityKey, remote);
  }

  /// Preferring jobs with this affinity key.
  public ClaimRequest prefer(String affinityKey) {
    return new ClaimRequest(kinds, capabilities, limit, lease, Optional.of(affinityKey), remote);
  }

  /// For a worker outside this process.
  public ClaimRequest forRemote() {
    return new ClaimRequest(kinds, capabilities, limit, lease, affinityKey, true);
  }
}
