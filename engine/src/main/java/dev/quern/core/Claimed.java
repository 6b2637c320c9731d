package dev.quern.core;

import java.util.Comparator;

/// A job just claimed: what its worker needs to know.
///
/// @param attempt the number of the attempt, from 1
/// @param losses how often its worker was lost
/// @param affinityKey null without one
record Claimed(
    long id,
    Lane lane,
    long fence,
    int attempt,
    int priority,
    long availableAt,
    int requeues,
    int losses,
    String affinityKey,
    String payload,
    long startedAt) {

  /// The order in which jobs are to be worked on.
  static final Comparator<Claimed> ORDER =
      Comparator.comparingInt(Claimed::priority)
          .thenComparingLong(Claimed::availableAt)
          .thenComparingLong(Claimed::id);

  /// Whether it may be what its workers died of.
  boolean suspect() {
    return losses >= Suspects.LOSSES;
  }
}
