package dev.quern.core;

import dev.quern.JobState;
import dev.quern.core.JobViewTable.Place;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The SQL that walks over jobs in the order of a list. Each statement follows an index and reads
/// no more rows than it is asked for, but for live jobs of all tenants, which are sorted.
final class JobListTable {
  private JobListTable() {}

  /// A job that is passed on the way. One that has not ended comes before all that have.
  record Row(Place place, long lane, JobState state, long createdAt) {
    long id() {
      return place.id();
    }
  }

  /// The ids between two others.
  record Span(long above, long below) {
    static final Span ALL = new Span(0, Long.MAX_VALUE);

    Span below(long id) {
      return new Span(above, Math.min(id, below));
    }
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        new Place(Columns.number(row, 2).orElse(Long.MAX_VALUE), row.getLong(1)),
        row.getLong(3),
        JobState.of(row.getString(4)),
        row.getLong(5));
  }

  private static final String NEWEST =
      """
      select id, ended_at, lane, state, created_at from quern_job
       where id > ? and id < ?
       order by id desc
       limit ?
      """;

  private static final String NEWEST_OF_TENANT =
      """
      select id, ended_at, lane, state, created_at from quern_job
       where tenant = ? and tenant <> '' and id > ? and id < ?
       order by id desc
       limit ?
      """;

  /// Jobs in any state, newest first.
  static List<Row> newest(Tx tx, Scope scope, Span span, int limit) throws SQLException {
    return scope.tenant().isEmpty()
        ? tx.query(NEWEST, JobListTable::row, span.above(), span.below(), limit)
        : tx.query(
            NEWEST_OF_TENANT,
            JobListTable::row,
            scope.argument(),
            span.above(),
            span.below(),
            limit);
  }

  private static final String NAMED =
      """
      select id, ended_at, lane, state, created_at from quern_job
       where id in ({numbers}) and (? is null or tenant = ?) and +id > ? and +id < ?
       order by id desc
       limit ?
      """;

  /// The jobs with these ids, newest first.
  static List<Row> named(Tx tx, Scope scope, Set<Long> ids, Span span, int limit)
      throws SQLException {
    return tx.query(
        NAMED,
        JobListTable::row,
        Columns.array(ids),
        scope.argument(),
        scope.argument(),
        span.above(),
        span.below(),
        limit);
  }

  private static final String TAGGED =
      """
      select j.id, j.ended_at, j.lane, j.state, j.created_at
        from quern_tag as t join quern_job as j on j.id = t.job_id
       where t.tag = ? and t.job_id > ? and t.job_id < ? and (? is null or j.tenant = ?)
       order by t.job_id desc
       limit ?
      """;

  /// The jobs with a tag, newest first. For a tenant it passes over those of others.
  static List<Row> tagged(Tx tx, Scope scope, String tag, Span span, int limit)
      throws SQLException {
    return tx.query(
        TAGGED,
        JobListTable::row,
        tag,
        span.above(),
        span.below(),
        scope.argument(),
        scope.argument(),
        limit);
  }

  private static final String LIVE =
      """
      select id, ended_at, lane, state, created_at from quern_job
       where id in (
             select id from quern_job
              where state = '%s' and (? is null or lane in ({numbers})) and +id > ? and +id < ?
              order by +id desc
              limit ?)
       order by id desc
      """;

  private static final String LIVE_OF_TENANT =
      """
      select id, ended_at, lane, state, created_at from quern_job
       where tenant = ? and tenant <> '' and ended_at is null and state = ?
         and (? is null or lane in ({numbers})) and +id > ? and id < ?
       order by id desc
       limit ?
      """;

  /// The jobs of one live state, newest first. The pluses keep SQLite on the index of the state: by
  /// id it would walk over all jobs that have ended, and with two bounds over those of the tenant.
  ///
  /// Rows are read when it is known which ones; until then the index is enough.
  ///
  /// @param lanes those that are wanted; empty for all
  static List<Row> live(
      Tx tx, Scope scope, JobState state, Optional<Set<Long>> lanes, Span span, int limit)
      throws SQLException {
    String wanted = lanes.map(Columns::array).orElse(null);
    return scope.tenant().isEmpty()
        ? tx.query(
            LIVE.formatted(state.label()),
            JobListTable::row,
            wanted,
            wanted,
            span.above(),
            span.below(),
            limit)
        : tx.query(
            LIVE_OF_TENANT,
            JobListTable::row,
            scope.argument(),
            state.label(),
            wanted,
            wanted,
            span.above(),
            span.below(),
            limit);
  }

  private static final String LAST_ENDED =
      """
      select id, ended_at, lane, state, created_at from quern_job
       where lane = ? and state = '%s' and ended_at is not null and ended_at >= ?
         and (ended_at, id) < (?, ?)
       order by ended_at desc, id desc
       limit ?
      """;

  /// The jobs of one lane and one ended state, last ended first.
  ///
  /// @param from when they ended at the earliest
  static List<Row> lastEnded(Tx tx, long lane, JobState state, long from, Place below, int limit)
      throws SQLException {
    return tx.query(
        LAST_ENDED.formatted(state.label()),
        JobListTable::row,
        lane,
        from,
        below.endedAt(),
        below.id(),
        limit);
  }

  private static final String CREATED =
      "select created_at from quern_job where id <= ? order by id desc limit 1";

  /// When the last job up to an id was created; empty if there is none.
  static Optional<Long> created(Tx tx, long id) throws SQLException {
    return tx.first(CREATED, row -> row.getLong(1), id);
  }

  private static final String NEWEST_ID = "select coalesce(max(id), 0) from quern_job";

  static long newestId(Tx tx) throws SQLException {
    return tx.number(NEWEST_ID);
  }
}
