package dev.quern;

import java.util.Map;

/// How long jobs waited and ran, as far as this process claimed them or recorded their ends since
/// it opened the store. A restart begins anew.
///
/// The first 200 kinds that are met are told apart; further ones are counted together, as the kind
/// [#OTHERS].
///
/// @param waits from when jobs could be claimed to their claims, by kind. A job that was handed
///   back, or lost by a worker whose losses are not charged, has waited since it could be claimed
///   at first
/// @param runs from claims to the ends of the attempts, by kind and outcome
public record Timings(Map<String, Histogram> waits, Map<String, Map<Outcome, Histogram>> runs) {
  /// How many kinds are told apart.
  public static final int KINDS_LIMIT = 200;

  /// Where further kinds are counted together.
  public static final String OTHERS = "";
}
