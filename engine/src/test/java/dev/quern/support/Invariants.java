package dev.quern.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What holds in every store whose engines are closed: each query finds the rows that break one
/// rule.
public final class Invariants {
  private static final Map<String, String> BROKEN = new LinkedHashMap<>();

  static {
    BROKEN.put(
        "the file is whole", "select * from pragma_integrity_check where integrity_check <> 'ok'");
    BROKEN.put("no row is an orphan", "select * from pragma_foreign_key_check");
    BROKEN.put(
        "every job has a lane",
        "select id from quern_job where lane not in (select id from quern_lane)");
    BROKEN.put(
        "a running job, and no other, has a lease",
        """
        select id, state, owner, lease_until from quern_job
         where (state = 'running') <> (lease_until is not null)
            or state = 'running' and (owner is null or started_at is null)
        """);
    BROKEN.put(
        "an ended job, and no other, has an end",
        """
        select id, state, ended_at from quern_job
         where (state in ('done', 'failed', 'cancelled')) <> (ended_at is not null)
        """);
    BROKEN.put(
        "a failed job says why",
        """
        select id from quern_job
         where state = 'failed'
           and (failure_class is null or failure_code is null or failure_message is null)
        """);
    BROKEN.put(
        "a key has one live job at most",
        """
        select tenant, dedupe_key, count(*) from quern_job
         where dedupe_key is not null and state in ('waiting', 'scheduled', 'ready', 'running')
         group by tenant, dedupe_key having count(*) > 1
        """);
    BROKEN.put(
        "attempts are within their budget, and never more than claims",
        """
        select j.id, attempts, j.max_attempts, fence from quern_job as j
          join quern_lane as l on l.id = j.lane
          left join quern_kind as k on k.kind = l.kind
         where attempts < 0 or attempts > fence
            or attempts > coalesce(j.max_attempts, k.max_attempts, 5)
        """);
    BROKEN.put(
        "losses are within their budget, or one over it in a failed job",
        """
        select j.id, losses, j.state from quern_job as j
          join quern_lane as l on l.id = j.lane
          left join quern_kind as k on k.kind = l.kind
         where losses < 0
            or losses > coalesce(k.max_losses, 5) + (j.state in ('failed', 'done', 'cancelled'))
        """);
    BROKEN.put(
        "every claim but the last has its ended attempt, and the last too unless it runs or is"
            + " done",
        """
        select j.id, j.state, j.fence, count(a.fence) from quern_job as j
          left join quern_attempt as a on a.job_id = j.id
         group by j.id
        having count(a.fence) <> j.fence - (j.state in ('running', 'done'))
            or max(a.fence) > j.fence
        """);
    BROKEN.put(
        "an attempt ends no earlier than it starts",
        "select job_id, fence from quern_attempt where ended_at < started_at");
    BROKEN.put(
        "a payload is in one place",
        """
        select id from quern_job
         where (payload is null) <> (id in (select job_id from quern_payload))
        """);
    BROKEN.put(
        "the counters hold the counted ended jobs, and nothing else",
        """
        select coalesce(c.lane, j.lane), coalesce(c.state, j.state), c.jobs, j.jobs
          from quern_count as c
          full join (select lane, state, count(*) as jobs from quern_job
                      where state in ('done', 'failed', 'cancelled') and uncounted is null
                      group by lane, state) as j on j.lane = c.lane and j.state = c.state
         where coalesce(c.jobs, 0) <> coalesce(j.jobs, 0)
        """);
    BROKEN.put(
        "an artifact holds a whole content, and no other content is held",
        """
        select c.id, c.digest, c.size, c.writer, c.loose from quern_content as c
         where (c.loose is null) <> (c.id in (select content from quern_artifact))
            or c.loose is null and (c.digest is null or c.writer is not null)
        """);
    BROKEN.put(
        "the pieces of a whole content lie side by side and have its size",
        """
        select c.id, c.size, p.bytes, p.last from quern_content as c
          left join (select content, sum(length(bytes)) as bytes,
                            max(position + length(bytes)) as last
                       from quern_chunk group by content) as p on p.content = c.id
         where c.digest is not null
           and (c.size <> coalesce(p.bytes, 0) or c.size <> coalesce(p.last, 0))
        """);
    BROKEN.put(
        "every delivery is a job of its kind, and every such job a delivery",
        """
        select d.job_id, j.id, l.kind from quern_job as j join quern_lane as l on l.id = j.lane
          full join quern_delivery as d on d.job_id = j.id
         where (d.job_id is not null) <> (coalesce(l.kind, '') = 'quern.webhook')
        """);
    BROKEN.put(
        "only ends are uncounted",
        "select id, state from quern_job where uncounted is not null and state <> 'done'");
  }

  private final Connection connection;

  /// The invariants of the store that a connection is to.
  public Invariants(Connection connection) {
    this.connection = connection;
  }

  /// @throws AssertionError naming each rule that is broken, and its first rows
  public void check() throws SQLException {
    assertEquals(Map.of(), broken(), "the store breaks a rule");
  }

  /// The rules that are broken, each with its first rows.
  public Map<String, List<String>> broken() throws SQLException {
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (Map.Entry<String, String> rule : BROKEN.entrySet()) {
      List<String> rows = rows(rule.getValue());
      if (!rows.isEmpty()) {
        found.put(rule.getKey(), rows);
      }
    }
    return found;
  }

  private List<String> rows(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> read = new ArrayList<>();
      while (rows.next() && read.size() < 10) {
        read.add(text(rows));
      }
      return read;
    }
  }

  private static String text(ResultSet row) throws SQLException {
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      columns.add(row.getMetaData().getColumnLabel(i) + "=" + row.getString(i));
    }
    return String.join(" ", columns);
  }
}
