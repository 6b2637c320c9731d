package dev.quern.core;

import dev.quern.JobState;
import dev.quern.store.Tx;
import java.sql.ResultSet;
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

  private static final String OF_TENANT =
      """
      select kind, state, sum(jobs) from (
        select lane, state, jobs from quern_count
         where lane in (select id from quern_lane where tenant = ?)
        union all
        select lane, state, count(*) from quern_job
         where tenant = ? and tenant <> '' and ended_at is null group by lane, state
        union all
        select lane, state, count(*) from quern_job
         where uncounted is not null and tenant = ? group by lane, state
      ) as n join quern_lane on quern_lane.id = n.lane
      group by kind, state
      having sum(jobs) > 0
      order by kind, state
      """;

  /// The jobs of every kind in every state that has any.
  static List<Count> of(Tx tx, Scope scope) throws SQLException {
    String tenant = scope.argument();
    return tenant == null
        ? tx.query(ALL, CountTable::count)
        : tx.query(OF_TENANT, CountTable::count, tenant, tenant, tenant);
  }

  private static Count count(ResultSet row) throws SQLException {
    return new Count(Columns.present(row, 1), JobState.of(row.getString(2)), row.getLong(3));
  }
}
