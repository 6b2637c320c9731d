package dev.quern;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many jobs there were in each bucket of a range of time. Buckets without jobs count 0. Jobs
/// that have been deleted are not counted any more.
///
/// @param start where the first bucket begins
/// @param step how long each is
/// @param byKind the counts of each kind, those with the most jobs first; one entry under "" where
///   all are counted together
/// @param others the counts of all further kinds together; empty if there are none
public record Series(
    Instant start, Duration step, Map<String, List<Long>> byKind, Optional<List<Long>> others) {
  /// The name of the only entry where all kinds are counted together.
  public static final String ALL = "";
}
