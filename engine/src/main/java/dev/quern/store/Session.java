package dev.quern.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;

/// The connection of the one who writes, which is replaced when a commit has failed on it. Belongs
/// to the thread that writes.
final class Session {
  private static final Logger LOG = System.getLogger(Writer.class.getName());

  private final Writer.Source source;
  private final Dialect dialect;
  private final InstantSource clock;
  private final Duration busyTimeout;
  private final Pace pace;

  private Connection connection;
  private Tx tx;
  private boolean doubtful;

  /// @param busyTimeout how long it waits for the write lock
  /// @param pace is told of neighbours
  Session(
      Writer.Source source, Dialect dialect, InstantSource clock, Duration busyTimeout, Pace pace) {
    this.source = source;
    this.dialect = dialect;
    this.clock = clock;
    this.busyTimeout = busyTimeout;
    this.pace = pace;
  }

  /// What opens connections.
  Writer.Source source() {
    return source;
  }

  /// What runs statements on the present one.
  Tx tx() {
    return tx;
  }

  /// A commit has failed: whether it happened is not known, and what the connection has cached is
  /// not to be believed.
  void doubt() {
    doubtful = true;
  }

  /// Opens a connection at the start, and another after a commit failed, as soon as that can be
  /// done.
  ///
  /// @return whether there is another now
  boolean connect() throws SQLException {
    if (connection == null) {
      use(source.open());
      return true;
    }
    if (doubtful) {
      replace();
      doubtful = false;
      return true;
    }
    return false;
  }

  private void use(Connection opened) {
    connection = opened;
    tx = new Tx(opened, dialect);
  }

  /// Opens another connection before it closes the one whose commit failed: if that were the last,
  /// whoever opens next would recover what the failed commit left in the cache of the system.
  private void replace() throws SQLException {
    Connection opened = source.open();
    try (Tx settling = new Tx(opened, dialect)) {
      settle(settling);
    } catch (SQLException | RuntimeException fault) {
      close(opened);
      throw fault;
    }
    disconnect();
    use(opened);
  }

  /// Writes over what the failed commit left in the log of the database. Until then it may come
  /// back when the process dies; afterwards it is decided, and whoever looks it up sees the truth.
  /// A value that is the same as before would write nothing.
  private void settle(Tx settling) throws SQLException {
    begin(settling);
    MetaTable.put(settling, "failed_commit", clock.millis() + "." + System.nanoTime());
    settling.run("commit");
  }

  /// Closes it, if it is open.
  void disconnect() {
    if (connection != null) {
      tx.close();
      close(connection);
      connection = null;
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException fault) {
      LOG.log(Level.WARNING, "the database was not closed cleanly", fault);
    }
  }

  /// Begins at once, or as soon as whoever holds the write lock lets go of it.
  void begin(Tx tx) throws SQLException {
    Patience patience = new Patience(dialect, busyTimeout);
    while (true) {
      try {
        tx.prepared(dialect.begin()).executeUpdate();
        return;
      } catch (SQLException fault) {
        if (!patience.waitsAfter(fault)) {
          throw fault;
        }
        pace.neighbourSeen();
        // What was waited is no time in which others could not write.
        pace.rested();
      }
    }
  }
}
