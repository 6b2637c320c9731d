package dev.quern.store;

import dev.quern.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// SQLite in WAL mode, fully durable.
///
/// @param file the database file
public record Sqlite(Path file) implements Dialect {

  /// Older versions may corrupt the database when two connections reset the WAL at the same moment
  /// (sqlite.org/wal.html#walresetbug, fixed in 3.51.3).
  static final int OLDEST_VERSION = 3_051_003;

  /// The WAL is written back after this many pages, by the connection that writes: 16 MiB.
  private static final int CHECKPOINT_PAGES = 4_000;

  /// The same while the disk is nearly full: 1 MiB.
  private static final int THRIFTY_PAGES = 250;

  /// What is left of a longer WAL when it begins anew.
  private static final long LOG_LIMIT = 64L << 20;

  /// Whenever SQLite has split a page, the next commit looks through all of the cache; and a file
  /// of which more is at work than this is hardly slower to read from the cache of the system.
  private static final int CACHE_KIB = 16 << 10;

  @Override
  public String schema() {
    return "sqlite";
  }

  /// The driver takes what follows a `?` for settings, unless the path is written as a URI.
  @Override
  public String url() {
    String path = file.toString();
    return path.contains("?")
        ? "jdbc:sqlite:file:" + path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        : "jdbc:sqlite:" + path;
  }

  @Override
  public String begin() {
    return "begin immediate";
  }

  @Override
  public String dataVersion() {
    return "pragma data_version";
  }

  @Override
  public String findTable() {
    return "select count(*) from sqlite_schema where type = 'table' and name = ?";
  }

  @Override
  public String lastId() {
    return "select seq from sqlite_sequence where name = ?";
  }

  @Override
  public String insertOrIgnore() {
    return "insert or ignore";
  }

  @Override
  public String onConflictIgnore() {
    return "";
  }

  @Override
  public String numbers() {
    return "select value from json_each(?)";
  }

  @Override
  public String elements() {
    return "select value from json_each(?)";
  }

  @Override
  public String members() {
    return "select cast(key as integer) as id, value from json_each(?)";
  }

  @Override
  public void open(Connection connection, boolean readOnly) throws SQLException {
    checkVersion(value(connection, "select sqlite_version()"));
    // The driver would ask for the last id after every insert.
    connection.unwrap(SQLiteConnection.class).getConnectionConfig().setGetGeneratedKeys(false);
    // Waiting for locks is the store's own business; readers meet one only in recovery.
    pragma(connection, "busy_timeout", readOnly ? 5_000 : 0);
    checkEncoding(value(connection, "pragma encoding"));
    if (!readOnly) {
      enterWal(connection);
      pragma(connection, "wal_autocheckpoint", CHECKPOINT_PAGES);
      pragma(connection, "journal_size_limit", LOG_LIMIT);
    }
    pragma(connection, "synchronous", 2);
    pragma(connection, "foreign_keys", 1);
    pragma(connection, "trusted_schema", 0);
    pragma(connection, "cache_size", -CACHE_KIB);
    pragma(connection, "query_only", readOnly ? 1 : 0);
    check("mmap_size", "0", value(connection, "pragma mmap_size=0"));
    if (!readOnly) {
      checkWritable(connection);
    }
  }

  /// Payloads are read as the bytes they are kept as.
  private static void checkEncoding(String encoding) {
    if (!encoding.equals("UTF-8")) {
      throw new StoreException.Unusable(
          "the database keeps its texts as "
              + encoding
              + ", and Quern reads UTF-8, as SQLite makes it: copy them to a new file",
          null);
    }
  }

  /// Where a file cannot be opened for writing, SQLite opens it for reading without a word, even if
  /// that was for want of a descriptor only; such a connection would refuse all writes for good. It
  /// takes a write to see that, which is undone.
  private static void checkWritable(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("begin immediate");
      try {
        statement.execute("pragma user_version=" + value(connection, "pragma user_version"));
      } finally {
        statement.execute("rollback");
      }
    } catch (SQLiteException fault) {
      if (fault(fault) != Fault.BUSY) {
        throw fault;
      }
    }
  }

  /// @throws StoreException.Unusable if this version of SQLite is too old
  static void checkVersion(String version) {
    String[] parts = version.split("\\.");
    int number =
        Integer.parseInt(parts[0]) * 1_000_000
            + Integer.parseInt(parts[1]) * 1_000
            + Integer.parseInt(parts[2]);
    if (number < OLDEST_VERSION) {
      throw new StoreException.Unusable(
          "SQLite "
              + version
              + " may corrupt databases in WAL mode: use sqlite-jdbc 3.51.3.0 or newer",
          null);
    }
  }

  private static void enterWal(Connection connection) throws SQLException {
    if (!value(connection, "pragma journal_mode").equals("wal")) {
      check("journal_mode", "wal", value(connection, "pragma journal_mode=wal"));
    }
  }

  private static void pragma(Connection connection, String name, long wanted) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("pragma " + name + "=" + wanted);
    }
    check(name, Long.toString(wanted), value(connection, "pragma " + name));
  }

  private static void check(String name, String wanted, String found) {
    if (!found.equals(wanted)) {
      throw new StoreException.Unusable(
          "SQLite did not take %s=%s, it is %s".formatted(name, wanted, found), null);
    }
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  @Override
  public boolean same(Connection foreign) throws SQLException {
    String theirs = mainFile(foreign);
    try {
      return !theirs.isEmpty() && Files.isSameFile(file, Path.of(theirs));
    } catch (IOException e) {
      return false;
    }
  }

  /// The pragma itself, since a `select` from it would begin to read in the caller's transaction.
  private static String mainFile(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("pragma database_list")) {
      while (rows.next()) {
        if (rows.getString("name").equals("main")) {
          return rows.getString("file");
        }
      }
      return "";
    }
  }

  @Override
  public String logSuffix() {
    return "-wal";
  }

  @Override
  public long logLimit() {
    return LOG_LIMIT;
  }

  @Override
  public void saveSpace(Tx tx, boolean thrifty) throws SQLException {
    tx.run("pragma wal_autocheckpoint=" + (thrifty ? THRIFTY_PAGES : CHECKPOINT_PAGES));
  }

  /// The checkpoint that SQLite makes after a commit waits for nobody, and so never comes to its
  /// end when one reader begins before the other has ended.
  @Override
  public boolean restartLog(Tx tx, long waitMillis) throws SQLException {
    tx.run("pragma busy_timeout=" + waitMillis);
    try {
      return tx.number("pragma wal_checkpoint(restart)") == 0;
    } finally {
      tx.run("pragma busy_timeout=0");
    }
  }

  @Override
  public boolean whole(Connection connection) throws SQLException {
    return value(connection, "pragma integrity_check(1)").equals("ok");
  }

  @Override
  public void backup(Connection connection, Path target) throws SQLException {
    pragma(connection, "query_only", 0);
    try (PreparedStatement statement = connection.prepareStatement("vacuum into ?")) {
      statement.setString(1, target.toString());
      statement.executeUpdate();
    }
  }

  @Override
  public Fault fault(SQLException fault) {
    return switch (fault) {
      case SQLiteException known -> fault(known);
      case Contradiction _ -> Fault.UNUSABLE;
      case SQLException other when other.getCause() instanceof NativeLibraryNotFoundException ->
          Fault.NOT_LOADED;
      default -> Fault.RULE;
    };
  }

  private static Fault fault(SQLiteException known) {
    if (known.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE) {
      return Fault.CROWDED;
    }
    return switch (known.getResultCode().code & 0xff) {
      case 5, 6 -> Fault.BUSY;
      case 13 -> Fault.FULL;
      case 8 -> Fault.READ_ONLY;
      case 14 -> Fault.NOT_OPENED;
      case 11, 26 -> Fault.UNUSABLE;
      case 7, 9, 10 -> Fault.BROKEN;
      default -> Fault.RULE;
    };
  }
}
