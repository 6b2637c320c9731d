package dev.quern.core;

import dev.quern.core.JobListTable.Span;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Finds the ids of the jobs that were created within some time. There is no index of it, but ids
/// are given in the order of creation, nearly.
///
/// @param tx where it looks
record Creation(Tx tx) {
  /// How much later than another a job may have been created whose id is smaller: another process
  /// looked at the clock and then waited for the write lock.
  static final Duration DISORDER = Duration.ofMinutes(1);

  /// Ids that have among them those of all jobs that were created within some time.
  Span span(Optional<Instant> from, Optional<Instant> before) throws SQLException {
    Span span = Span.ALL;
    if (from.isPresent()) {
      span = new Span(firstIn(from.get().minus(DISORDER)) - 1, span.below());
    }
    return before.isPresent() ? span.below(firstIn(before.get().plus(DISORDER))) : span;
  }

  /// The first id of those that were created then or later, if all were in order; else one nearby.
  private long firstIn(Instant time) throws SQLException {
    long earlier = 0;
    long later = JobListTable.newestId(tx) + 1;
    while (later - earlier > 1) {
      long middle = (earlier + later) >>> 1;
      if (JobListTable.created(tx, middle).orElse(0L) < time.toEpochMilli()) {
        earlier = middle;
      } else {
        later = middle;
      }
    }
    return later;
  }
}
