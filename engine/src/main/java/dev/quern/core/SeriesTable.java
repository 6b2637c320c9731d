package dev.quern.core;

import dev.quern.JobState;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.List;

/// The SQL that counts jobs over time.
final class SeriesTable {
  private SeriesTable() {}

  /// A range of time in buckets, in milliseconds.
  ///
  /// @param to the first instant after it
  record Span(long from, long to, long step) {}

  /// So many jobs of a lane in a bucket, counted from 0.
  record Count(long lane, int bucket, long jobs) {}

  private static final String ENDED =
      """
      select lane, (ended_at - ?) / ? as bucket, count(*) from (
        select lane, ended_at from quern_job
         where lane = ? and state = '%s' and ended_at is not null
           and ended_at >= ? and ended_at < ?
         limit ?)
      group by lane, bucket
      """;

  /// The jobs of a lane by when they came to an ended state, up to a limit. Walks an index.
  static List<Count> ended(Tx tx, long lane, JobState state, Span span, long limit)
      throws SQLException {
    return tx.query(
        ENDED.formatted(state.label()),
        row -> new Count(row.getLong(1), row.getInt(2), row.getLong(3)),
        span.from(),
        span.step(),
        lane,
        span.from(),
        span.to(),
        limit);
  }

  private static final String ENQUEUED =
      """
      select lane, (created_at - ?) / ? as bucket, count(*) from (
        select lane, created_at from quern_job
         where %s id between ? and ? and created_at >= ? and created_at < ?
         limit ?)
      group by lane, bucket
      """;

  private static final String ENQUEUED_ALL = ENQUEUED.formatted("");

  private static final String ENQUEUED_OF_TENANT =
      ENQUEUED.formatted("tenant = ? and tenant <> '' and");

  /// The jobs by when they were enqueued, up to a limit. Ids and times go up together, so that only
  /// the ids of the range are walked.
  static List<Count> enqueued(Tx tx, Scope scope, Span span, long limit) throws SQLException {
    long first = firstSince(tx, span.from());
    long last = firstSince(tx, span.to()) - 1;
    return scope.tenant().isEmpty()
        ? tx.query(
            ENQUEUED_ALL,
            row -> new Count(row.getLong(1), row.getInt(2), row.getLong(3)),
            span.from(),
            span.step(),
            first,
            last,
            span.from(),
            span.to(),
            limit)
        : tx.query(
            ENQUEUED_OF_TENANT,
            row -> new Count(row.getLong(1), row.getInt(2), row.getLong(3)),
            span.from(),
            span.step(),
            scope.argument(),
            first,
            last,
            span.from(),
            span.to(),
            limit);
  }

  private static final String NEXT_CREATED =
      "select created_at from quern_job where id >= ? order by id limit 1";

  private static final String LAST = "select coalesce(max(id), 0) from quern_job";

  /// The least id from which on jobs were enqueued at a time or later.
  private static long firstSince(Tx tx, long at) throws SQLException {
    long low = 1;
    long high = tx.number(LAST) + 1;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (tx.number(NEXT_CREATED, middle) < at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
