package dev.quern.core;

import dev.quern.JobState;
import dev.quern.core.JobListTable.Span;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// The SQL that counts jobs over time.
final class SeriesTable {
  private SeriesTable() {}

  // ---- by end: in the index of ended jobs

  private static final String ENDED =
      """
      select count(*) from (
        select 1 from quern_job
         where lane = ? and state = '%s' and ended_at is not null
           and ended_at >= ? and ended_at < ?
         limit ?)
      """;

  /// How many jobs of a lane came to an ended state in a range of time, counted up to a limit.
  static long ended(Tx tx, long lane, JobState state, long from, long to, long limit)
      throws SQLException {
    return tx.number(ENDED.formatted(state.label()), lane, from, to, limit);
  }

  private static final String ENDED_ALL =
      """
      select count(*) from quern_job
       where lane = ? and state = '%s' and ended_at is not null and ended_at >= ? and ended_at < ?
      """;

  /// How many jobs of a lane came to an ended state in a range of time.
  static long ended(Tx tx, long lane, JobState state, long from, long to) throws SQLException {
    return tx.number(ENDED_ALL.formatted(state.label()), lane, from, to);
  }

  private static final String NEXT_END =
      """
      select ended_at from quern_job
       where lane = ? and state = '%s' and ended_at is not null
         and ended_at >= ? and ended_at < ?
       order by ended_at
       limit 1
      """;

  /// When the first job of a lane came to an ended state in a range of time.
  static Optional<Long> nextEnd(Tx tx, long lane, JobState state, long from, long to)
      throws SQLException {
    return tx.first(NEXT_END.formatted(state.label()), row -> row.getLong(1), lane, from, to);
  }

  // ---- by creation

  /// A job that was enqueued.
  record Created(long id, long lane, long at) {}

  private static final String CREATED =
      """
      select id, lane, created_at from quern_job
       where id > ? and id < ?
       order by id
       limit ?
      """;

  private static final String CREATED_OF_TENANT =
      """
      select id, lane, created_at from quern_job
       where tenant = ? and tenant <> '' and id > ? and id < ?
       order by id
       limit ?
      """;

  /// A page of the jobs with ids in a span.
  static List<Created> created(Tx tx, Scope scope, Span span, int limit) throws SQLException {
    return scope.tenant().isEmpty()
        ? tx.query(CREATED, SeriesTable::created, span.above(), span.below(), limit)
        : tx.query(
            CREATED_OF_TENANT,
            SeriesTable::created,
            scope.argument(),
            span.above(),
            span.below(),
            limit);
  }

  private static Created created(ResultSet row) throws SQLException {
    return new Created(row.getLong(1), row.getLong(2), row.getLong(3));
  }
}
