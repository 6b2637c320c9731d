package dev.quern.trust;

import dev.quern.support.Invariants;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What is in a database.
///
/// @param store the identity of the store; empty if there are no tables
/// @param rows the jobs by id
/// @param byToken the jobs by token
/// @param orders what the application has ordered, sorted
/// @param effects what it has done, sorted
/// @param broken the rules that do not hold
record Look(
    String store,
    Map<Long, Row> rows,
    Map<String, Row> byToken,
    List<String> orders,
    List<String> effects,
    List<String> broken) {

  /// A job.
  record Row(long id, String token, String state, long fence, String key, String result) {}

  /// Looks with SQLite alone, which first recovers what is to be recovered.
  static Look at(String file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      return new Looking(connection).look();
    }
  }

  /// One look.
  private record Looking(Connection connection) {
    private interface Read {
      void row(ResultSet row) throws SQLException;
    }

    Look look() throws SQLException {
      Set<String> tables = new TreeSet<>(texts("select name from sqlite_schema"));
      boolean store = tables.contains("quern_job");
      Map<Long, Row> rows = store ? jobs() : Map.of();
      Map<String, Row> byToken = new HashMap<>();
      rows.values().forEach(row -> byToken.put(row.token(), row));
      return new Look(
          store ? identity() : "",
          rows,
          byToken,
          tables.contains("app_order") ? tokens("app_order") : List.of(),
          tables.contains("app_effect") ? tokens("app_effect") : List.of(),
          store ? broken() : whole());
    }

    private String identity() throws SQLException {
      List<String> found = texts("select value from quern_meta where key = 'store'");
      return found.isEmpty() ? "none" : found.getFirst();
    }

    private List<String> broken() throws SQLException {
      List<String> broken = new ArrayList<>();
      new Invariants(connection).broken().forEach((rule, where) -> broken.add(rule + ": " + where));
      return broken;
    }

    private List<String> whole() throws SQLException {
      List<String> said = texts("pragma integrity_check");
      return said.equals(List.of("ok")) ? List.of() : said;
    }

    private List<String> tokens(String table) throws SQLException {
      return texts("select token from " + table + " order by token");
    }

    private Map<Long, Row> jobs() throws SQLException {
      Map<Long, Row> rows = new LinkedHashMap<>();
      each(
          """
          select id, payload ->> '$', state, fence, coalesce(dedupe_key, ''),
                 coalesce(result ->> '$', '')
            from quern_job
          """,
          row ->
              rows.put(
                  row.getLong(1),
                  new Row(
                      row.getLong(1),
                      row.getString(2),
                      row.getString(3),
                      row.getLong(4),
                      row.getString(5),
                      row.getString(6))));
      return rows;
    }

    private List<String> texts(String sql) throws SQLException {
      List<String> texts = new ArrayList<>();
      each(sql, row -> texts.add(row.getString(1)));
      return texts;
    }

    private void each(String sql, Read read) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          read.row(rows);
        }
      }
    }
  }
}
