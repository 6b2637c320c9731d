package dev.quern.store;

import dev.quern.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// An open database: its tables, its one writer, its readers, its clock, its owners.
public final class Store implements AutoCloseable {
  /// Most file systems allow 255 bytes, and the files beside it have longer names.
  private static final int LONGEST_NAME = 240;

  private final Path file;
  private final Dialect dialect;
  private final Faults faults;
  private final StoreClock clock;
  private final Owners owners;
  private final String identity;
  private final Readers readers;
  private final Duration busyTimeout;
  private Writer writer;

  /// How to open a store.
  ///
  /// @param file the database, which is created if it does not exist
  /// @param clock what tells the time
  /// @param manual whether no thread is started and callers drive the writer
  /// @param existing whether the store must be there
  /// @param busyTimeout how long a write waits for the write lock
  /// @param floor reads the latest time the store has seen, in epoch milliseconds
  public record Opening(
      Path file,
      InstantSource clock,
      boolean manual,
      boolean existing,
      Duration busyTimeout,
      Work<Long> floor) {}

  private Store(Opening opening) {
    file = opening.file().toAbsolutePath();
    dialect = new Sqlite(file);
    faults = new Faults(dialect, file);
    busyTimeout = opening.busyTimeout();
    checkDirectory(file);
    try {
      if (opening.existing()) {
        checkStore();
      }
      Prepared prepared = migrate(opening);
      identity = prepared.identity();
      clock = clock(opening, prepared.floor());
      owners = Owners.of(file);
    } catch (SQLException fault) {
      throw faults.of(fault);
    } catch (IOException fault) {
      throw new StoreException.Unusable(
          "cannot open %s-owners, which must be beside the database; check the disk: %s"
              .formatted(file, fault),
          fault);
    }
    readers = new Readers(() -> connect(true), dialect, faults, "quern-reader-");
  }

  /// Brings the tables of a store to the newest version. To be followed by [#open].
  public static Store prepare(Opening opening) {
    return new Store(opening);
  }

  /// Begins to write; without a thread of its own if callers drive it.
  public void open(Attendant attendant, boolean manual) {
    try {
      Upkeep upkeep = new Upkeep(file, dialect, faults);
      writer =
          new Writer(() -> connect(false), dialect, faults, upkeep, attendant, clock, busyTimeout);
    } catch (SQLException fault) {
      throw faults.of(fault);
    } catch (IOException fault) {
      throw faults.gone();
    }
    if (!manual) {
      writer.start("quern-writer");
    }
  }

  private void inTransaction(Tx tx, Migration migration) throws SQLException {
    tx.run(dialect.begin());
    migration.apply(tx);
    tx.run("commit");
  }

  private interface Migration {
    void apply(Tx tx) throws SQLException;
  }

  /// Looks without changing anything, not even the mode of the journal.
  private void checkStore() throws SQLException {
    if (!Files.exists(file) || !hasTables()) {
      throw new StoreException.Unusable(
          "there is no Quern store in " + file + ": name another file", null);
    }
  }

  private boolean hasTables() throws SQLException {
    try (Connection connection = connect(true);
        Tx tx = new Tx(connection, dialect)) {
      return Schema.version(tx) > 0;
    }
  }

  /// SQLite says "unable to open database file" for all of these.
  private static void checkDirectory(Path file) {
    Path directory = file.getParent();
    if (Files.isDirectory(file)) {
      throw new StoreException.Unusable(file + " is a directory: name a file", null);
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new StoreException.Unusable(file + " is no regular file: name one", null);
    }
    if (file.getFileName().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw new StoreException.Unusable(
          "%s: the name of the file is longer than %d bytes: name a shorter one"
              .formatted(file, LONGEST_NAME),
          null);
    }
    if (!Files.isDirectory(directory)) {
      throw new StoreException.Unusable(
          directory + " does not exist: create it, or name another file", null);
    }
    if (!Files.isWritable(directory) || (Files.exists(file) && !Files.isWritable(file))) {
      throw new StoreException.Unusable(
          file + " cannot be written: check that the file and its directory are writable", null);
    }
  }

  private record Prepared(String identity, long floor) {}

  /// Creates or migrates the tables where needed, and reads what is needed to go on.
  private Prepared migrate(Opening opening) throws SQLException {
    try (Connection connection = connect(false);
        Tx tx = new Tx(connection, dialect)) {
      tx.run("pragma busy_timeout=" + busyTimeout.toMillis());
      if (Schema.version(tx) != Schema.newest()) {
        inTransaction(tx, migrating -> Schema.migrate(migrating, dialect.schema()));
      }
      String identity =
          MetaTable.get(tx, "store").orElseThrow(() -> new Contradiction("it has no identity"));
      return new Prepared(identity, opening.floor().apply(tx));
    }
  }

  private static StoreClock clock(Opening opening, long floor) {
    InstantSource wall = opening.clock();
    return new StoreClock(
        wall, opening.manual() ? () -> nanos(wall.instant()) : System::nanoTime, floor);
  }

  private static long nanos(Instant instant) {
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }

  /// Opens a connection, however many others are being opened or closed: turning the WAL on, its
  /// recovery and the end of the last connection hold locks that SQLite's own wait does not cover.
  private Connection connect(boolean readOnly) throws SQLException {
    Patience patience = new Patience(dialect, busyTimeout);
    while (true) {
      try {
        return connectNow(readOnly);
      } catch (SQLException fault) {
        if (!patience.waitsAfter(fault)) {
          throw fault;
        }
      }
    }
  }

  private Connection connectNow(boolean readOnly) throws SQLException {
    Connection connection = DriverManager.getConnection(dialect.url());
    try {
      dialect.open(connection, readOnly);
      return connection;
    } catch (SQLException | RuntimeException fault) {
      connection.close();
      throw fault;
    }
  }

  /// The database file.
  public Path file() {
    return file;
  }

  /// The words of the database.
  public Dialect dialect() {
    return dialect;
  }

  /// A UUID made with the tables.
  public String identity() {
    return identity;
  }

  /// The time of this store.
  public StoreClock clock() {
    return clock;
  }

  /// Who is alive.
  public Owners owners() {
    return owners;
  }

  /// What writes.
  public Writer writer() {
    return writer;
  }

  /// Why nothing is written any more, if that is so: the file is damaged, or gone.
  public Optional<StoreException> ruin() {
    return faults.ruin();
  }

  /// What reads.
  public Readers readers() {
    return readers;
  }

  /// The statements of a caller's own connection, which must be in a transaction on this database.
  ///
  /// @throws IllegalArgumentException if it is in auto-commit mode or connected to another database
  public Tx foreign(Connection connection) throws SQLException {
    if (connection.getAutoCommit()) {
      throw new IllegalArgumentException(
          "the connection is in auto-commit mode: call setAutoCommit(false), so that the job"
              + " commits with your own work; or use enqueue(job)");
    }
    if (!dialect.same(connection)) {
      throw new IllegalArgumentException(
          "the connection is not to "
              + file
              + ": a job can only commit with work in the same file");
    }
    return new Tx(connection, dialect);
  }

  /// Writes a consistent copy to a new file, while the store is in use.
  public void backup(Path target) {
    Path to = target.toAbsolutePath();
    Backup backup = Backup.to(to);
    try (Connection connection = connect(true)) {
      backup.make(connection, dialect);
    } catch (SQLException fault) {
      throw dialect.fault(fault) == Dialect.Fault.UNUSABLE
          ? faults.of(fault)
          : new Faults(dialect, to).of(fault);
    }
  }

  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
    readers.close();
  }
}
