package dev.quern.core;

import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.Page;
import dev.quern.core.JobListTable.Row;
import dev.quern.core.JobViewTable.Place;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One page of a list of jobs: goes the way of the list until the page is full, the list ends, or
/// enough jobs have been looked at.
final class Listing {
  /// Where few match, so many times more are read each time: live jobs are sorted anew for each.
  private static final int GROWTH = 4;

  private final Tx tx;
  private final JobFilter filter;
  private final Walk walk;
  private final List<Job> jobs = new ArrayList<>();
  private Place at;

  Listing(Tx tx, Scope scope, JobFilter filter) throws SQLException {
    this.tx = tx;
    this.filter = filter;
    this.walk = new Walk(tx, scope, filter);
    this.at = filter.cursor().map(Listing::place).orElse(Place.TOP);
  }

  Page page() throws SQLException {
    int chunk = filter.limit() + 1;
    int looked = 0;
    boolean more = false;
    while (!more && !full() && looked < JobFilter.SCAN_LIMIT) {
      int most = Math.min(chunk, JobFilter.SCAN_LIMIT - looked);
      List<Row> rows = walk.after(at, most);
      more = take(rows);
      if (!more && rows.size() < most) {
        return new Page(List.copyOf(jobs), Optional.empty());
      }
      looked += most;
      chunk = Math.min(GROWTH * chunk, JobFilter.SCAN_LIMIT);
    }
    return new Page(List.copyOf(jobs), Optional.of(cursor(at)));
  }

  private boolean full() {
    return jobs.size() == filter.limit();
  }

  /// Takes what matches; answers whether there was more of it than the page can hold.
  private boolean take(List<Row> rows) throws SQLException {
    for (Row row : rows) {
      if (walk.matches(row)) {
        if (full()) {
          return true;
        }
        JobViewTable.get(tx, row.id()).ifPresent(jobs::add);
      }
      at = row.place();
    }
    return false;
  }

  /// A job that has not ended has the time 0 in it.
  private static String cursor(Place place) {
    long endedAt = place.endedAt() == Place.TOP.endedAt() ? 0 : place.endedAt();
    return endedAt + "." + place.id();
  }

  private static Place place(String cursor) {
    try {
      int dot = cursor.indexOf('.');
      long endedAt = Long.parseLong(cursor.substring(0, dot));
      long id = Long.parseLong(cursor.substring(dot + 1));
      return new Place(endedAt == 0 ? Place.TOP.endedAt() : endedAt, id);
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "cursor \"" + cursor + "\" is not one of a page: take it from the page before", e);
    }
  }
}
