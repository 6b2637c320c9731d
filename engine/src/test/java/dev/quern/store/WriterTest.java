package dev.quern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a writer whose commit failed: its connection is not used again.
class WriterTest {
  @TempDir Path directory;

  private final Logger log = Logger.getLogger(Writer.class.getName());

  private Path file;
  private Writer writer;
  private boolean reachable = true;

  private final AtomicInteger commits = new AtomicInteger();

  /// Counts the batches; nothing goes along with them.
  private record Counter(AtomicInteger commits) implements Attendant {
    @Override
    public void begun(Tx tx, boolean foreign) {}

    @Override
    public void finish(Tx tx, boolean asked) {}

    @Override
    public void committed() {
      commits.incrementAndGet();
    }

    @Override
    public void rolledBack(boolean stuck) {}

    @Override
    public long dueAt() {
      return Long.MAX_VALUE;
    }

    @Override
    public boolean probe(Tx tx) {
      return false;
    }
  }

  @BeforeEach
  void open() throws SQLException, IOException {
    log.setLevel(Level.OFF); // The failures on purpose are no news.
    file = directory.resolve("test.db");
    Sqlite dialect = new Sqlite(file);
    Faults faults = new Faults(dialect, file);
    connect().close(); // makes the file
    writer =
        new Writer(
            this::connect,
            dialect,
            faults,
            new Upkeep(file, dialect, faults),
            new Counter(commits),
            InstantSource.system(),
            Duration.ofSeconds(10));
    writer.write(tx -> {
      tx.run("create table quern_meta (key text primary key, value text)");
      tx.run("create table stone (id integer primary key)");
      tx.run("create table chip (stone integer references stone deferrable initially deferred)");
      return true;
    });
  }

  @AfterEach
  void close() {
    writer.close();
    log.setLevel(null);
  }

  private Connection connect() throws SQLException {
    if (!reachable) {
      throw new SQLException("the disk is gone");
    }
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    new Sqlite(file).open(connection, false);
    return connection;
  }

  /// The database looks at the stone of a chip when the transaction commits.
  private void failToCommit() {
    assertThrows(
        StoreException.OutcomeUnknown.class,
        () -> writer.write(tx -> tx.update("insert into chip (stone) values (7)")));
  }

  private int addStone() {
    return writer.write(tx -> tx.update("insert into stone default values"));
  }

  private long chips() {
    return writer.write(tx -> tx.number("select count(*) from chip"));
  }

  private long stones() {
    return writer.write(tx -> tx.number("select count(*) from stone"));
  }

  @Test
  void a_commit_that_fails_is_answered_with_an_unknown_outcome_and_the_next_one_works() {
    failToCommit();

    assertEquals(1, addStone());
    assertEquals(0, chips());
  }

  private static final Step<Long, Integer> CHIPS =
      new Adding("insert into chip (stone) values (?)");
  private static final Step<Long, Integer> STONES = new Adding("insert into stone (id) values (?)");

  /// Adds rows, each with a number.
  private record Adding(String sql) implements Step<Long, Integer> {
    @Override
    public Phase phase() {
      return Phase.OTHER;
    }

    @Override
    public List<Integer> apply(Tx tx, List<Long> numbers) throws SQLException {
      List<Integer> added = new ArrayList<>();
      for (long number : numbers) {
        added.add(tx.update(sql, number));
      }
      return added;
    }
  }

  @Test
  void one_that_breaks_a_rule_costs_few_of_those_in_its_batch_a_commit_of_their_own() {
    addStone();
    commits.set(0);
    List<Long> added = new ArrayList<>();
    List<Long> refused = new ArrayList<>();
    for (long stone = 101; stone <= 164; stone++) {
      long id = stone == 137 ? 1 : stone;
      writer.send(STONES, id, 1, 0, (_, fault) -> (fault == null ? added : refused).add(id));
    }

    writer.turn();

    assertEquals(List.of(1L), refused);
    assertEquals(63, added.size());
    assertEquals(6, commits.get());
    assertEquals(64, stones());
  }

  /// The batch is written in halves, since the last stone is there already.
  @Test
  void no_half_is_written_by_a_connection_whose_commit_of_the_other_half_failed() {
    addStone();
    reachable = false;
    List<Class<?>> told = new ArrayList<>();
    writer.send(CHIPS, 7L, 1, 0, (_, fault) -> told.add(fault.getClass()));
    for (long stone : List.of(101L, 102L, 1L)) {
      writer.send(STONES, stone, 1, 0, (_, fault) -> told.add(fault.getClass()));
    }

    writer.turn();

    assertEquals(
        List.of(
            StoreException.OutcomeUnknown.class,
            StoreException.OutcomeUnknown.class,
            StoreException.class,
            StoreException.class),
        told);
    reachable = true;
    assertEquals(1, stones());
  }

  private long settled() {
    try (Connection own = connect();
        Tx tx = new Tx(own, new Sqlite(file))) {
      return tx.number("select count(*) from quern_meta where key = 'failed_commit'");
    } catch (SQLException fault) {
      throw new IllegalStateException(fault);
    }
  }

  @Test
  void what_a_failed_commit_left_is_written_over_before_its_callers_are_told() {
    List<Object> told = new ArrayList<>();
    writer.send(CHIPS, 7L, 1, 0, (_, fault) -> told.addAll(List.of(fault.getClass(), settled())));

    writer.turn();

    assertEquals(List.of(StoreException.OutcomeUnknown.class, 1L), told);
  }

  @Test
  void while_the_database_cannot_be_opened_anew_callers_are_told_and_then_it_goes_on() {
    reachable = false;
    failToCommit();

    assertThrows(StoreException.class, this::addStone);
    assertThrows(StoreException.class, this::addStone);

    reachable = true;
    assertEquals(1, addStone());
  }

  @Test
  void a_writer_without_a_connection_can_be_closed() {
    reachable = false;
    failToCommit();

    writer.close();

    assertThrows(IllegalStateException.class, this::addStone);
  }
}
