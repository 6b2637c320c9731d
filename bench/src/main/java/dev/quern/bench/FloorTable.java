package dev.quern.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The SQL of a queue without an engine, on Quern's schema: each step in several forms, since which
/// is the fastest depends on the size of the batch. Every completion compares the fence.
final class FloorTable implements AutoCloseable {
  /// So many rows in one `values`.
  private static final int ROWS = 50;

  private static final String COLUMNS =
      "insert into quern_job (lane, state, priority, available_at, created_at, payload) ";

  private static final String INSERT = COLUMNS + "values (?1, 'ready', 100, ?2, ?2, ?3)";

  private static final String INSERT_ROWS =
      COLUMNS
          + "values "
          + String.join(", ", Collections.nCopies(ROWS, "(?1, 'ready', 100, ?2, ?2, ?)"));

  private static final String INSERT_SET =
      COLUMNS + "select ?1, 'ready', 100, ?2, ?2, value from json_each(?3)";

  private static final String CLAIM =
      """
      update quern_job
         set state = 'running', fence = fence + 1, attempts = attempts + 1, owner = 1,
             lease_until = ?1 + 60000, started_at = ?1
       where id in (
             select id from quern_job where state = 'ready' and lane = ?2
              order by priority, available_at, id limit ?3)
      returning id, fence, payload
      """;

  private static final String READY =
      """
      select id, fence + 1, payload from quern_job where state = 'ready' and lane = ?
       order by priority, available_at, id limit ?
      """;

  private static final String CLAIM_SET =
      """
      update quern_job
         set state = 'running', fence = fence + 1, attempts = attempts + 1, owner = 1,
             lease_until = ?1 + 60000, started_at = ?1
       where id in (select value from json_each(?2)) and state = 'ready'
      """;

  private static final String CLAIM_RANGE =
      CLAIM_SET.replace("in (select value from json_each(?2))", "between ?2 and ?3");

  private static final String COMPLETE =
      """
      update quern_job set state = 'done', ended_at = ?, lease_until = null
       where id = ? and fence = ? and state = 'running'
      """;

  private static final String COMPLETE_SET =
      """
      update quern_job set state = 'done', ended_at = ?1, lease_until = null
       where id in (select value from json_each(?2)) and fence = ?3 and state = 'running'
      """;

  private static final String COMPLETE_RANGE =
      """
      update quern_job set state = 'done', ended_at = ?, lease_until = null
       where id between ? and ? and fence = ? and state = 'running'
      """;

  /// How rows are inserted: one statement for each, in a JDBC batch; many in one `values`; all in
  /// one statement from a JSON array.
  enum Insert {
    BATCH,
    ROWS,
    SET
  }

  /// How jobs are claimed and completed: claimed by an update that returns them, completed by one
  /// statement for each, in a JDBC batch; read and then moved by one statement, completed by one
  /// for all that have the same fence; the same for a range of ids and one fence, which is all that
  /// there is in a floor.
  enum Complete {
    BATCH,
    SET,
    RANGE
  }

  /// A claimed job.
  record Held(long id, long fence, String payload) {}

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private final long lane;

  FloorTable(Connection connection, String kind) throws SQLException {
    this.connection = connection;
    Pragmas.run(
        connection, "insert or ignore into quern_lane (kind) values ('%s')".formatted(kind));
    lane =
        Long.parseLong(
            Pragmas.text(
                connection, "select id from quern_lane where kind = '%s'".formatted(kind)));
  }

  void begin() throws SQLException {
    prepared("begin immediate").executeUpdate();
  }

  void commit() throws SQLException {
    prepared("commit").executeUpdate();
  }

  void insertOne(String payload) throws SQLException {
    PreparedStatement insert = prepared(INSERT);
    bind(insert, payload);
    insert.executeUpdate();
  }

  void insert(Insert form, List<String> payloads) throws SQLException {
    switch (form) {
      case BATCH -> insertBatch(payloads);
      case ROWS -> insertRows(payloads);
      case SET -> insertSet(payloads);
    }
  }

  private void insertBatch(List<String> payloads) throws SQLException {
    PreparedStatement insert = prepared(INSERT);
    for (String payload : payloads) {
      bind(insert, payload);
      insert.addBatch();
    }
    insert.executeBatch();
  }

  private void bind(PreparedStatement insert, String payload) throws SQLException {
    insert.setLong(1, lane);
    insert.setLong(2, System.currentTimeMillis());
    insert.setString(3, payload);
  }

  private void insertRows(List<String> payloads) throws SQLException {
    int rest = payloads.size() % ROWS;
    for (int from = 0; from < payloads.size() - rest; from += ROWS) {
      PreparedStatement insert = prepared(INSERT_ROWS);
      insert.setLong(1, lane);
      insert.setLong(2, System.currentTimeMillis());
      for (int i = 0; i < ROWS; i++) {
        insert.setString(3 + i, payloads.get(from + i));
      }
      insert.executeUpdate();
    }
    insertBatch(payloads.subList(payloads.size() - rest, payloads.size()));
  }

  private void insertSet(List<String> payloads) throws SQLException {
    PreparedStatement insert = prepared(INSERT_SET);
    insert.setLong(1, lane);
    insert.setLong(2, System.currentTimeMillis());
    insert.setString(3, payloads.stream().map(dev.quern.json.Json::quote).collect(ARRAY));
    insert.executeUpdate();
  }

  private static final java.util.stream.Collector<CharSequence, ?, String> ARRAY =
      Collectors.joining(",", "[", "]");

  List<Held> claim(Complete form, int limit) throws SQLException {
    return switch (form) {
      case BATCH -> claimReturning(limit);
      case SET -> claimSet(limit);
      case RANGE -> claimRange(limit);
    };
  }

  private List<Held> claimReturning(int limit) throws SQLException {
    PreparedStatement claim = prepared(CLAIM);
    claim.setLong(1, System.currentTimeMillis());
    claim.setLong(2, lane);
    claim.setInt(3, limit);
    return held(claim, limit);
  }

  private List<Held> ready(int limit) throws SQLException {
    PreparedStatement ready = prepared(READY);
    ready.setLong(1, lane);
    ready.setInt(2, limit);
    return held(ready, limit);
  }

  private List<Held> claimSet(int limit) throws SQLException {
    List<Held> held = ready(limit);
    PreparedStatement claim = prepared(CLAIM_SET);
    claim.setLong(1, System.currentTimeMillis());
    claim.setString(2, held.stream().map(job -> Long.toString(job.id())).collect(ARRAY));
    claim.executeUpdate();
    return held;
  }

  private List<Held> claimRange(int limit) throws SQLException {
    List<Held> held = ready(limit);
    if (!held.isEmpty()) {
      PreparedStatement claim = prepared(CLAIM_RANGE);
      claim.setLong(1, System.currentTimeMillis());
      claim.setLong(2, held.getFirst().id());
      claim.setLong(3, held.getLast().id());
      claim.executeUpdate();
    }
    return held;
  }

  private static List<Held> held(PreparedStatement query, int limit) throws SQLException {
    List<Held> held = new ArrayList<>(limit);
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        held.add(new Held(rows.getLong(1), rows.getLong(2), new String(rows.getBytes(3), UTF_8)));
      }
    }
    return held;
  }

  void complete(Complete form, List<Held> held) throws SQLException {
    switch (form) {
      case BATCH -> completeBatch(held);
      case SET -> completeSets(held);
      case RANGE -> completeRange(held);
    }
  }

  private void completeBatch(List<Held> held) throws SQLException {
    PreparedStatement complete = prepared(COMPLETE);
    for (Held job : held) {
      complete.setLong(1, System.currentTimeMillis());
      complete.setLong(2, job.id());
      complete.setLong(3, job.fence());
      complete.addBatch();
    }
    if (!held.isEmpty()) {
      complete.executeBatch();
    }
  }

  private void completeSets(List<Held> held) throws SQLException {
    Map<Long, String> idsByFence =
        held.stream()
            .collect(
                Collectors.groupingBy(
                    Held::fence, Collectors.mapping(job -> Long.toString(job.id()), ARRAY)));
    for (Map.Entry<Long, String> ids : idsByFence.entrySet()) {
      PreparedStatement complete = prepared(COMPLETE_SET);
      complete.setLong(1, System.currentTimeMillis());
      complete.setString(2, ids.getValue());
      complete.setLong(3, ids.getKey());
      complete.executeUpdate();
    }
  }

  private void completeRange(List<Held> held) throws SQLException {
    if (!held.isEmpty()) {
      PreparedStatement complete = prepared(COMPLETE_RANGE);
      complete.setLong(1, System.currentTimeMillis());
      complete.setLong(2, held.getFirst().id());
      complete.setLong(3, held.getLast().id());
      complete.setLong(4, held.getFirst().fence());
      complete.executeUpdate();
    }
  }

  long done() throws SQLException {
    return Long.parseLong(
        Pragmas.text(
            connection, "select count(*) from quern_job where state = 'done' and lane = " + lane));
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      prepared.put(sql, known);
    }
    return known;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
