package dev.quern.core;

import dev.quern.JobState;
import dev.quern.Series;
import dev.quern.SeriesQuery;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Counts jobs over time.
final class SeriesCount {
  private final Tx tx;
  private final Scope scope;
  private final SeriesQuery query;
  private final Map<String, long[]> counts = new HashMap<>();
  private long jobs;

  SeriesCount(Tx tx, Scope scope, SeriesQuery query) {
    this.tx = tx;
    this.scope = scope;
    this.query = query;
  }

  /// @throws IllegalArgumentException if there are too many jobs to count
  Series series() throws SQLException {
    if (!query.byKind()) {
      counts.put(Series.ALL, new long[query.buckets()]);
    }
    Map<Long, Lane> lanes = lanes();
    switch (query.metric()) {
      case ENQUEUED -> add(lanes, SeriesTable.enqueued(tx, scope, span(), left()));
      case DONE -> ended(lanes, JobState.DONE);
      case FAILED -> ended(lanes, JobState.FAILED);
      case CANCELLED -> ended(lanes, JobState.CANCELLED);
    }
    return ranked();
  }

  /// The lanes that are seen and asked for.
  private Map<Long, Lane> lanes() throws SQLException {
    Map<Long, Lane> lanes = new LinkedHashMap<>();
    for (Lane lane : LaneTable.newerThan(tx, 0)) {
      if (scope.sees(lane.tenant()) && query.kind().map(lane.kind()::equals).orElse(true)) {
        lanes.put(lane.id(), lane);
      }
    }
    return lanes;
  }

  private SeriesTable.Span span() {
    long from = query.start().toEpochMilli();
    long step = query.step().toMillis();
    return new SeriesTable.Span(from, from + query.buckets() * step, step);
  }

  private long left() {
    return SeriesQuery.JOBS_LIMIT - jobs + 1;
  }

  private void ended(Map<Long, Lane> lanes, JobState state) throws SQLException {
    for (long lane : lanes.keySet()) {
      add(lanes, SeriesTable.ended(tx, lane, state, span(), left()));
    }
  }

  private void add(Map<Long, Lane> lanes, List<SeriesTable.Count> more) {
    for (SeriesTable.Count count : more) {
      jobs += count.jobs();
      Lane lane = lanes.get(count.lane());
      if (lane != null) {
        String name = query.byKind() ? lane.kind() : Series.ALL;
        long[] buckets = counts.computeIfAbsent(name, _ -> new long[query.buckets()]);
        buckets[count.bucket()] += count.jobs();
      }
    }
    if (jobs > SeriesQuery.JOBS_LIMIT) {
      throw new IllegalArgumentException(
          "more than %,d jobs from %s to %s: ask for a shorter range"
              .formatted(SeriesQuery.JOBS_LIMIT, query.from(), query.to()));
    }
  }

  /// The kinds with the most jobs, and the others together.
  private Series ranked() {
    Map<String, List<Long>> byKind = new LinkedHashMap<>();
    long[] others = new long[query.buckets()];
    for (Map.Entry<String, long[]> kind : mostFirst()) {
      if (byKind.size() < SeriesQuery.KINDS_LIMIT) {
        byKind.put(kind.getKey(), list(kind.getValue()));
      } else {
        Arrays.setAll(others, i -> others[i] + kind.getValue()[i]);
      }
    }
    return new Series(
        query.start(),
        query.step(),
        byKind,
        counts.size() > byKind.size() ? Optional.of(list(others)) : Optional.empty());
  }

  private List<Map.Entry<String, long[]>> mostFirst() {
    List<Map.Entry<String, long[]>> kinds = new ArrayList<>(counts.entrySet());
    kinds.sort(
        Comparator.<Map.Entry<String, long[]>>comparingLong(
                kind -> -Arrays.stream(kind.getValue()).sum())
            .thenComparing(Map.Entry::getKey));
    return kinds;
  }

  private static List<Long> list(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
