package dev.quern.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/// The words in which databases differ. It supplies words, never decisions: nobody above this
/// package asks which database it is.
public sealed interface Dialect permits Sqlite {

  /// The directory of the schema scripts.
  String schema();

  /// What the driver is to connect to.
  String url();

  /// Begins a transaction that may write.
  String begin();

  /// A query whose number changes when another connection commits.
  String dataVersion();

  /// A query for the number of tables of a name.
  String findTable();

  /// A query for the last id given in a table of a name.
  String lastId();

  /// The start of an insert that skips rows which would break a unique index.
  String insertOrIgnore();

  /// The end of an insert that skips rows which would break a unique index.
  String onConflictIgnore();

  /// A subquery for the numbers in an argument that is a JSON array of integers.
  String numbers();

  /// A subquery for the elements of an argument that is a JSON array of texts, in their order.
  String elements();

  /// A subquery for the members of an argument that is a JSON object: `id`, which is its key as a
  /// number, and `value`, which is a text.
  String members();

  /// SQL in the words of this database: puts them in for `{insert or ignore}`, `{on conflict
  /// ignore}`, `{numbers}`, `{elements}` and `{members}`.
  default String inWords(String sql) {
    return sql.replace("{insert or ignore}", insertOrIgnore())
        .replace("{on conflict ignore}", onConflictIgnore())
        .replace("{numbers}", numbers())
        .replace("{elements}", elements())
        .replace("{members}", members());
  }

  /// Sets up a new connection of the engine and checks that the settings took.
  ///
  /// @param readOnly whether it will only read
  void open(Connection connection, boolean readOnly) throws SQLException;

  /// Whether `foreign`, a connection of a caller, is connected to the database of this dialect.
  boolean same(Connection foreign) throws SQLException;

  /// What the name of the write-ahead log adds to that of the database.
  String logSuffix();

  /// How long the write-ahead log may become before something is done about it, in bytes.
  long logLimit();

  /// Says how much of the write-ahead log may wait to be written back.
  ///
  /// @param thrifty little, because the disk is nearly full: a log that has taken the last of it
  ///   cannot be written back, when the database has to grow for that
  void saveSpace(Tx tx, boolean thrifty) throws SQLException;

  /// Writes the write-ahead log back and lets the next writer begin it anew, which it cannot while
  /// others read from it. Runs outside a transaction.
  ///
  /// @param waitMillis how long to wait for them; writers are kept off meanwhile
  /// @return false if others still read from it
  boolean restartLog(Tx tx, long waitMillis) throws SQLException;

  /// Whether all of the database can be read, and is consistent. Takes its time.
  boolean whole(Connection connection) throws SQLException;

  /// Writes a consistent copy of the database to a new file. Runs outside a transaction.
  void backup(Connection connection, Path target) throws SQLException;

  /// What a fault of the database means.
  Fault fault(SQLException fault);

  /// What a fault of the database means for the transaction in which it happened.
  enum Fault {
    /// Another connection holds the write lock; nothing happened.
    BUSY,
    /// The disk is full; the transaction is rolled back.
    FULL,
    /// There is no room for the memory that connections share; the transaction is rolled back,
    /// unless that happened in its commit, which then may have happened.
    CROWDED,
    /// One statement broke a rule; its transaction may go on.
    RULE,
    /// The file is damaged or is no database.
    UNUSABLE,
    /// The file cannot be written to.
    READ_ONLY,
    /// The file, or one beside it, cannot be opened.
    NOT_OPENED,
    /// The driver has no native library that it can use here.
    NOT_LOADED,
    /// Anything else, such as an input/output error; the transaction is lost.
    BROKEN
  }
}
