package dev.quern.simulation;

import dev.quern.JobState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// A row of the table of jobs.
record Row(
    long id,
    String kind,
    JobState state,
    long fence,
    int attempts,
    long owner,
    long leaseUntil,
    long startedAt,
    long availableAt,
    long createdAt,
    long endedAt,
    int requeues,
    Optional<String> key,
    Task task) {

  static final String ALL =
      """
      select j.id, kind, state, fence, attempts, coalesce(owner, 0), coalesce(lease_until, 0),
             coalesce(started_at, 0), available_at, created_at, coalesce(ended_at, 0), requeues,
             dedupe_key,
             coalesce(payload, (select payload from quern_payload where job_id = j.id))
        from quern_job as j join quern_lane as l on l.id = j.lane
       order by j.id
      """;

  static Row of(ResultSet row) throws SQLException {
    return new Row(
        row.getLong(1),
        row.getString(2),
        JobState.of(row.getString(3)),
        row.getLong(4),
        row.getInt(5),
        row.getLong(6),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9),
        row.getLong(10),
        row.getLong(11),
        row.getInt(12),
        Optional.ofNullable(row.getString(13)),
        Task.of(row.getString(14)));
  }

  boolean running() {
    return state == JobState.RUNNING;
  }

  long token() {
    return task.token();
  }

  @Override
  public String toString() {
    return "job %d %s %s f%d a%d o%d until %d at %d"
        .formatted(
            id,
            kind,
            state,
            fence,
            attempts,
            owner,
            leaseUntil - Wall.START.toEpochMilli(),
            availableAt - Wall.START.toEpochMilli());
  }
}
