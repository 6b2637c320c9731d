package dev.quern.simulation;

import dev.quern.store.Owners;
import dev.quern.support.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The life of one engine, which may end before or after any of its statements: then its
/// connections are cut, what it had not committed is undone, and nothing that it still does gets
/// through.
final class Life implements Wire.Tap {
  private static final int NEVER = -1;

  private final Path file;
  private final Watch watch;
  private final List<Connection> connections = new ArrayList<>();
  private final Set<Long> owners = new HashSet<>();
  private Optional<String> lastWords = Optional.empty();
  private int stepsLeft = NEVER;
  private boolean dead;

  Life(Path file, Watch watch) {
    this.file = file;
    this.watch = watch;
  }

  /// Lets it end at the n-th step from now, from 0: before a statement, or after a commit. A
  /// negative number takes that back.
  void dieAt(int step) {
    stepsLeft = step;
  }

  /// At what it ended, if it was let to.
  Optional<String> lastWords() {
    return lastWords;
  }

  boolean dead() {
    return dead;
  }

  /// Takes note of a number under which it holds jobs.
  void owns(long number) {
    owners.add(number);
  }

  boolean isOwner(long number) {
    return owners.contains(number);
  }

  @Override
  public void opened(Connection real) {
    connections.add(real);
  }

  @Override
  public void before(Connection real, String sql) throws SQLException {
    step(sql);
  }

  @Override
  public void after(Connection real, String sql) throws SQLException {
    if (sql.equals("commit")) {
      watch.look(this);
      step("after " + sql);
    }
  }

  private void step(String sql) throws SQLException {
    if (!dead && stepsLeft >= 0 && stepsLeft-- == 0) {
      lastWords = Optional.of(sql);
      die();
    }
    if (dead) {
      throw new SQLException("this engine is dead");
    }
  }

  /// Ends it. The kernel would free its locks.
  void die() throws SQLException {
    dead = true;
    watch.died(this);
    for (Connection connection : connections) {
      connection.close();
    }
    try {
      for (long owner : owners) {
        Owners.of(file).release(owner);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
