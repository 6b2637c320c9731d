package dev.quern.trust;

import static dev.quern.trust.CrewApp.say;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// An application that knows nothing of the engine and writes to a table of its own in the same
/// file, with plain JDBC: one connection all the time, another now and then, as seldom as engines
/// forget that somebody else writes.
///
/// It says `ready`, begins when it reads a line, and says at the end of its input how long its
/// writes took: `stat busily …` and `stat seldom …`.
final class NeighbourApp {
  private static final long BUSILY_NANOS = 5_000_000;
  private static final long SELDOM_NANOS = 1_200_000_000;

  private static volatile boolean over;

  private NeighbourApp() {}

  /// Takes the database.
  public static void main(String[] args) throws Exception {
    try (Connection busily = connect(args[0]);
        Connection seldom = connect(args[0])) {
      try (Statement statement = busily.createStatement()) {
        statement.execute("create table if not exists app_note (text text not null) strict");
      }
      say("ready");
      System.in.read();
      Thread other = Thread.ofPlatform().start(() -> write("busily", busily, BUSILY_NANOS));
      Thread rare = Thread.ofPlatform().start(() -> write("seldom", seldom, SELDOM_NANOS));
      System.in.readAllBytes();
      over = true;
      other.join();
      rare.join();
    }
  }

  private static Connection connect(String file) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:sqlite:" + file + "?busy_timeout=10000&synchronous=FULL&journal_mode=WAL");
  }

  private static void write(String name, Connection connection, long pauseNanos) {
    List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
    while (!over) {
      long begun = System.nanoTime();
      insert(name, connection);
      nanos.add(System.nanoTime() - begun);
      LockSupport.parkNanos(pauseNanos);
    }
    say("stat " + name + " " + Waits.of(nanos));
    say("wrote " + nanos.size());
  }

  private static void insert(String text, Connection connection) {
    try (PreparedStatement insert =
        connection.prepareStatement("insert into app_note (text) values (?)")) {
      insert.setString(1, text);
      insert.executeUpdate();
    } catch (SQLException fault) {
      say("busy " + fault.getMessage());
    }
  }
}
