package dev.quern.core;

import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What SQLite says of a database.
final class HealthTable {
  private HealthTable() {}

  private static final String VERSION = "select sqlite_version()";

  static String version(Tx tx) throws SQLException {
    return "SQLite " + tx.first(VERSION, row -> row.getString(1)).orElse("");
  }

  private static final String FULL_CHECK = "pragma integrity_check(100)";
  private static final String QUICK_CHECK = "pragma quick_check(100)";

  /// What is wrong with the file; empty if it is whole.
  ///
  /// @param thorough whether the indexes are compared with their tables
  static List<String> problems(Tx tx, boolean thorough) throws SQLException {
    return tx.query(thorough ? FULL_CHECK : QUICK_CHECK, row -> row.getString(1)).stream()
        .filter(line -> !line.equals("ok"))
        .toList();
  }

  private static final String SETTINGS =
      """
      select 'journal_mode', journal_mode from pragma_journal_mode
       union all
      select 'synchronous', synchronous from pragma_synchronous
       union all
      select 'foreign_keys', foreign_keys from pragma_foreign_keys
       union all
      select 'trusted_schema', trusted_schema from pragma_trusted_schema
       union all
      select 'page_size', page_size from pragma_page_size
       union all
      select 'page_count', page_count from pragma_page_count
       union all
      select 'freelist_count', freelist_count from pragma_freelist_count
      """;

  private static final String MMAP_SIZE = "pragma mmap_size";

  static Map<String, String> settings(Tx tx) throws SQLException {
    Map<String, String> settings = new LinkedHashMap<>();
    tx.query(SETTINGS, row -> settings.put(row.getString(1), row.getString(2)));
    settings.put("mmap_size", Long.toString(tx.number(MMAP_SIZE)));
    return settings;
  }

  private static final String LATEST =
      """
      select max(coalesce((select max(started_at) from quern_owner), 0),
                 coalesce((select max(created_at) from quern_job), 0),
                 coalesce((select max(started_at) from quern_job), 0),
                 coalesce((select max(ended_at) from quern_job), 0))
      """;

  /// The latest time at which something happened, in epoch milliseconds; 0 if nothing has.
  static long latestTime(Tx tx) throws SQLException {
    return tx.number(LATEST);
  }
}
