package dev.quern.core;

import dev.quern.JobState;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.List;

/// All the SQL that counts jobs.
final class CountTable {
  private CountTable() {}

  private static final String ADD =
      """
      insert into quern_count (lane, state, jobs) values (?, ?, ?)
      on conflict (lane, state) do update set jobs = jobs + excluded.jobs
      """;

  /// Adds to the number of ended jobs of a lane; `jobs` may be negative.
  static void add(Tx tx, long lane, JobState state, long jobs) throws SQLException {
    tx.update(ADD, lane, state.label(), jobs);
  }

  /// So many jobs of a kind in a state.
  record Count(String kind, JobState state, long jobs) {}

  private static final String ALL =
      """
      select kind, state, sum(jobs) from (
        select lane, state, jobs from quern_count
        union all
        select lane, 'ready', count(*) from quern_job where state = 'ready' group by lane
        union all
        select lane, 'scheduled', count(*) from quern_job where state = 'scheduled' group by lane
        union all
        select lane, 'waiting', count(*) from quern_job where state = 'waiting' group by lane
        union all
        select lane, 'running', count(*) from quern_job where state = 'running' group by lane
        union all
        select lane, state, count(*) from quern_job where uncounted is not null group by lane, state
      ) as n join quern_lane on quern_lane.id = n.lane
      group by kind, state
      having sum(jobs) > 0
      order by kind, state
      """;

  /// The jobs of every kind in every state that has any.
  static List<Count> all(Tx tx) throws SQLException {
    return tx.query(
        ALL, row -> new Count(row.getString(1), JobState.of(row.getString(2)), row.getLong(3)));
  }
}
