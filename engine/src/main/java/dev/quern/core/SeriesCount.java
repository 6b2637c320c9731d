package dev.quern.core;

import dev.quern.JobState;
import dev.quern.Series;
import dev.quern.SeriesQuery;
import dev.quern.core.JobListTable.Span;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Counts jobs over time.
final class SeriesCount {
  private static final int PAGE = 10_000;

  private final Core core;
  private final Scope scope;
  private final SeriesQuery query;
  private final long start;
  private final long step;
  private final long end;
  private final Map<String, long[]> counts = new HashMap<>();
  private long jobs;

  SeriesCount(Core core, Scope scope, SeriesQuery query) {
    this.core = core;
    this.scope = scope;
    this.query = query;
    this.start = query.start().toEpochMilli();
    this.step = query.step().toMillis();
    this.end = start + query.buckets() * step;
  }

  /// Reads a piece at a time, so that it keeps neither other readers waiting nor the log from
  /// beginning anew.
  ///
  /// @throws IllegalArgumentException if there are too many jobs to count
  Series series() {
    if (!query.byKind()) {
      counts.put(Series.ALL, new long[query.buckets()]);
    }
    switch (query.metric()) {
      case ENQUEUED -> enqueued();
      case DONE -> ended(JobState.DONE);
      case FAILED -> ended(JobState.FAILED);
      case CANCELLED -> ended(JobState.CANCELLED);
    }
    return ranked();
  }

  /// The lanes that are seen and asked for.
  private List<Lane> lanes() {
    return core.read(tx -> LaneTable.newerThan(tx, 0)).stream()
        .filter(lane -> scope.sees(lane.tenant()))
        .filter(lane -> query.kind().map(lane.kind()::equals).orElse(true))
        .toList();
  }

  private void enqueued() {
    Map<Long, Lane> lanes = lanes().stream().collect(Collectors.toMap(Lane::id, lane -> lane));
    Span span = core.read(tx -> new Creation(tx).span(instant(start), instant(end)));
    List<JobListTable.Row> page;
    do {
      Span left = span;
      page = core.read(tx -> JobListTable.newest(tx, scope, left, PAGE));
      page.stream()
          .filter(job -> isWithin(job.createdAt()) && lanes.containsKey(job.lane()))
          .forEach(job -> add(lanes.get(job.lane()), job.createdAt(), 1));
      admit(page.size());
      span = page.isEmpty() ? span : span.below(page.getLast().id());
    } while (page.size() == PAGE);
  }

  private boolean isWithin(long at) {
    return at >= start && at < end;
  }

  private static Optional<Instant> instant(long millis) {
    return Optional.of(Instant.ofEpochMilli(millis));
  }

  private void ended(JobState state) {
    for (Lane lane : lanes()) {
      core.read(tx -> ended(tx, lane, state));
    }
  }

  /// From one bucket that has jobs to the next: to count each in the index costs a tenth of what
  /// grouping does, for which SQLite sorts.
  private boolean ended(Tx tx, Lane lane, JobState state) throws SQLException {
    admit(SeriesTable.ended(tx, lane.id(), state, start, end, SeriesQuery.JOBS_LIMIT + 1));
    Optional<Long> next = SeriesTable.nextEnd(tx, lane.id(), state, start, end);
    while (next.isPresent()) {
      long after = start + (bucket(next.get()) + 1) * step;
      add(lane, next.get(), SeriesTable.ended(tx, lane.id(), state, next.get(), after));
      next = SeriesTable.nextEnd(tx, lane.id(), state, after, end);
    }
    return true;
  }

  private int bucket(long at) {
    return (int) ((at - start) / step);
  }

  private void add(Lane lane, long at, long more) {
    String name = query.byKind() ? lane.kind() : Series.ALL;
    counts.computeIfAbsent(name, _ -> new long[query.buckets()])[bucket(at)] += more;
  }

  private void admit(long more) {
    jobs += more;
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
