package dev.quern.core;

import dev.quern.JobState;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.Optional;

/// The SQL that counts jobs by when they ended: in the index of ended jobs.
final class SeriesTable {
  private SeriesTable() {}

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
}
