package dev.quern.core;

import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.Page;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One page of a list of jobs: looks at places in the order of the list until the page is full, the
/// list ends, or enough have been looked at.
final class Listing {
  private static final int CHUNK = 1_000;

  private final Tx tx;
  private final Scope scope;
  private final JobFilter filter;
  private JobViewTable.Place at;

  Listing(Tx tx, Scope scope, JobFilter filter) {
    this.tx = tx;
    this.scope = scope;
    this.filter = filter;
    this.at = filter.cursor().map(Listing::place).orElse(JobViewTable.Place.TOP);
  }

  Page page() throws SQLException {
    List<Job> jobs = new ArrayList<>();
    int chunk = filter.errorText().isPresent() ? CHUNK : filter.limit() + 1;
    for (int looked = 0; looked < JobFilter.SCAN_LIMIT; looked += chunk) {
      List<JobViewTable.Place> places = next(chunk);
      for (JobViewTable.Place place : places) {
        if (jobs.size() == filter.limit()) {
          return new Page(List.copyOf(jobs), Optional.of(cursor(at)));
        }
        at = place;
        if (matches(place)) {
          JobViewTable.get(tx, place.id()).ifPresent(jobs::add);
        }
      }
      if (places.size() < chunk) {
        return new Page(List.copyOf(jobs), Optional.empty());
      }
    }
    return new Page(List.copyOf(jobs), Optional.of(cursor(at)));
  }

  private List<JobViewTable.Place> next(int limit) throws SQLException {
    if (filter.tag().isPresent()) {
      return JobViewTable.tagged(tx, scope, filter, at, limit);
    }
    if (filter.state().isEmpty()) {
      return JobViewTable.newest(tx, scope, filter, at, limit);
    }
    return filter.state().get().ended()
        ? lastEnded(filter.state().get(), limit)
        : JobViewTable.live(tx, scope, filter, at, limit);
  }

  private List<JobViewTable.Place> lastEnded(JobState state, int limit) throws SQLException {
    List<JobViewTable.Place> places = new ArrayList<>();
    for (Lane lane : LaneTable.newerThan(tx, 0)) {
      if (!scope.sees(lane.tenant())) {
        continue;
      }
      if (filter.kind().isEmpty() || filter.kind().get().equals(lane.kind())) {
        places.addAll(JobViewTable.lastEnded(tx, lane.id(), state, at, limit));
      }
    }
    return places.stream().sorted(JobViewTable.Place.LAST_FIRST).limit(limit).toList();
  }

  private boolean matches(JobViewTable.Place place) throws SQLException {
    return filter.errorText().isEmpty()
        || JobViewTable.failureHas(tx, place.id(), filter.errorText().get());
  }

  private static String cursor(JobViewTable.Place place) {
    return place.endedAt() + "." + place.id();
  }

  private static JobViewTable.Place place(String cursor) {
    try {
      int dot = cursor.indexOf('.');
      return new JobViewTable.Place(
          Long.parseLong(cursor.substring(0, dot)), Long.parseLong(cursor.substring(dot + 1)));
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "cursor \"" + cursor + "\" is not one of a page: take it from the page before", e);
    }
  }
}
