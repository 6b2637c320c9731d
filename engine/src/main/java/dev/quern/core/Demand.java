package dev.quern.core;

import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/// What a claimant can take now.
///
/// @param kinds the kinds it serves
/// @param capabilities what it has
/// @param slots how many jobs it takes
/// @param owner who it is
/// @param leaseMillis how long it may stay silent
/// @param room how many more of a kind it takes
/// @param affinity the affinity key it prefers, where it has a fixed one
/// @param alone whether nobody else claims for this owner
/// @param scope whose jobs it takes
record Demand(
    Set<String> kinds,
    Set<String> capabilities,
    int slots,
    long owner,
    long leaseMillis,
    ToIntFunction<String> room,
    Optional<String> affinity,
    boolean alone,
    Scope scope) {

  /// The same for so many slots.
  Demand slots(int slots) {
    return new Demand(kinds, capabilities, slots, owner, leaseMillis, room, affinity, alone, scope);
  }

  boolean serves(Lane lane) {
    return scope.sees(lane.tenant()) && lane.servedBy(kinds, capabilities);
  }
}
