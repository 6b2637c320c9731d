package dev.quern.core;

import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.core.JobListTable.Row;
import dev.quern.core.JobListTable.Span;
import dev.quern.core.JobViewTable.Place;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The way that leads past the jobs of a list, in its order: the index that leaves out most of the
/// others.
final class Walk {
  private static final Comparator<Row> LAST_FIRST =
      Comparator.comparing(Row::place, Place.LAST_FIRST);

  private final Tx tx;
  private final Scope scope;
  private final JobFilter filter;
  private final Span span;
  private Set<Long> lanes;

  Walk(Tx tx, Scope scope, JobFilter filter) throws SQLException {
    this.tx = tx;
    this.scope = scope;
    this.filter = filter;
    this.span = new Creation(tx).span(filter.createdFrom(), filter.createdBefore());
  }

  /// Where the jobs of the list can be. There may be many, so they are read where they are needed.
  private Set<Long> lanes() throws SQLException {
    if (lanes == null) {
      lanes =
          LaneTable.newerThan(tx, 0).stream()
              .filter(lane -> scope.sees(lane.tenant()) && filter.takes(lane.kind()))
              .map(Lane::id)
              .collect(Collectors.toSet());
    }
    return lanes;
  }

  /// The next on the way.
  List<Row> after(Place at, int limit) throws SQLException {
    Span left = span.below(at.id());
    if (!filter.ids().isEmpty()) {
      return JobListTable.named(tx, scope, filter.ids(), left, limit);
    }
    if (filter.tag().isPresent()) {
      return JobListTable.tagged(tx, scope, filter.tag().get(), left, limit);
    }
    return filter.anyState()
        ? JobListTable.newest(tx, scope, left, limit)
        : inStates(at, left, limit);
  }

  /// Those that have not ended, then the others.
  private List<Row> inStates(Place at, Span left, int limit) throws SQLException {
    List<Row> rows = at.endedAt() == Place.TOP.endedAt() ? live(left, limit) : List.of();
    return rows.size() == limit
        ? rows
        : Stream.concat(rows.stream(), ended(at, limit - rows.size()).stream()).toList();
  }

  private List<Row> live(Span left, int limit) throws SQLException {
    Optional<Set<Long>> wanted = filter.anyKind() ? Optional.empty() : Optional.of(lanes());
    List<Row> rows = new ArrayList<>();
    for (JobState state : filter.states()) {
      if (state.live()) {
        rows.addAll(JobListTable.live(tx, scope, state, wanted, left, limit));
      }
    }
    return rows.stream().sorted(LAST_FIRST).limit(limit).toList();
  }

  private List<Row> ended(Place at, int limit) throws SQLException {
    long from = filter.createdFrom().map(Instant::toEpochMilli).orElse(0L);
    List<JobState> states = filter.states().stream().filter(JobState::ended).toList();
    return states.isEmpty()
        ? List.of()
        : new EndedMerge(tx, lanes(), states, from, at, limit).take(limit);
  }

  /// Whether a job on the way is one of the list.
  boolean matches(Row row) throws SQLException {
    return (filter.anyKind() || lanes().contains(row.lane()))
        && filter.states().contains(row.state())
        && wasCreatedInTime(row.createdAt())
        && holds(row.id());
  }

  private boolean wasCreatedInTime(long at) {
    return filter.createdFrom().map(from -> at >= from.toEpochMilli()).orElse(true)
        && filter.createdBefore().map(before -> at < before.toEpochMilli()).orElse(true);
  }

  private boolean holds(long id) throws SQLException {
    String key = filter.dedupeKey().orElse(null);
    String text = filter.errorText().orElse(null);
    // Where it was not the tag that led here.
    String tag = filter.ids().isEmpty() ? null : filter.tag().orElse(null);
    return key == null && text == null && tag == null || JobViewTable.holds(tx, id, key, text, tag);
  }
}
