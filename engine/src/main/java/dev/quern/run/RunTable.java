package dev.quern.run;

import dev.quern.RunSpec;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All the SQL of `quern_run`.
final class RunTable {
  private RunTable() {}

  /// A run as its row has it.
  ///
  /// @param owner the engine that is at it or was; 0 if it was let go of
  /// @param lines how many lines were taken in
  /// @param complete whether the end of the input was seen
  record Row(long id, RunSpec spec, long owner, Instant createdAt, long lines, boolean complete) {

    /// Whether nothing of the input is in the books yet.
    boolean blank() {
      return lines == 0 && !complete;
    }
  }

  private static final String COLUMNS =
      "select id, name, command, directory, json, owner, created_at, lines, complete from"
          + " quern_run";

  private static final String FIND = COLUMNS + " where name = ?";

  static Optional<Row> find(Tx tx, String name) throws SQLException {
    return tx.first(FIND, RunTable::row, name);
  }

  private static final String ALL = COLUMNS + " order by name";

  static List<Row> all(Tx tx) throws SQLException {
    return tx.query(ALL, RunTable::row);
  }

  private static final String INSERT =
      """
      insert into quern_run (name, command, directory, json, owner, created_at)
      values (?, ?, ?, ?, ?, ?)
      returning id
      """;

  static Row insert(Tx tx, RunSpec spec, long owner, long now) throws SQLException {
    long id =
        tx.number(
            INSERT, spec.name(), spec.command(), spec.directory(), spec.json() ? 1 : 0, owner, now);
    return new Row(id, spec, owner, Instant.ofEpochMilli(now), 0, false);
  }

  private static final String REDEFINE =
      "update quern_run set command = ?, directory = ?, json = ? where id = ?";

  static Row redefine(Tx tx, Row row, RunSpec spec) throws SQLException {
    tx.update(REDEFINE, spec.command(), spec.directory(), spec.json() ? 1 : 0, row.id());
    return new Row(row.id(), spec, row.owner(), row.createdAt(), row.lines(), row.complete());
  }

  private static final String OWN = "update quern_run set owner = ? where id = ?";

  /// Makes a run that of an owner.
  static Row own(Tx tx, Row row, long owner) throws SQLException {
    tx.update(OWN, owner, row.id());
    return new Row(row.id(), row.spec(), owner, row.createdAt(), row.lines(), row.complete());
  }

  private static final String TOUCH =
      "update quern_run set owner = owner where id = ? and owner = ?";

  /// Writes what is there; false if it is not so any more.
  static boolean touch(Tx tx, long id, long owner) throws SQLException {
    return tx.update(TOUCH, id, owner) == 1;
  }

  private static final String RELEASE = "update quern_run set owner = 0 where id = ? and owner = ?";

  /// Lets go of a run; false if another one has it, or there is none.
  static boolean release(Tx tx, long id, long owner) throws SQLException {
    return tx.update(RELEASE, id, owner) == 1;
  }

  private static final String GROW =
      "update quern_run set lines = ? where id = ? and owner = ? and lines = ? and complete = 0";

  /// Moves the number of lines; false if somebody else has moved it.
  static boolean grow(Tx tx, long id, long owner, long from, long to) throws SQLException {
    return tx.update(GROW, to, id, owner, from) == 1;
  }

  private static final String SHRINK =
      "update quern_run set lines = ?, complete = 0 where id = ? and owner = ?";

  /// Makes a run as if only so many lines had been taken in.
  static boolean shrink(Tx tx, long id, long owner, long lines) throws SQLException {
    return tx.update(SHRINK, lines, id, owner) == 1;
  }

  private static final String COMPLETE =
      "update quern_run set complete = 1 where id = ? and owner = ? and lines = ?";

  /// Takes note of the end of the input; false if somebody else is at the run.
  static boolean complete(Tx tx, long id, long owner, long lines) throws SQLException {
    return tx.update(COMPLETE, id, owner, lines) == 1;
  }

  private static final String DELETE = "delete from quern_run where id = ? and owner = ?";

  static boolean delete(Tx tx, long id, long owner) throws SQLException {
    return tx.update(DELETE, id, owner) == 1;
  }

  private static final String PID = "select pid from quern_owner where id = ?";

  /// The process of an engine.
  static Optional<Long> pid(Tx tx, long owner) throws SQLException {
    return tx.first(PID, row -> row.getLong(1), owner);
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getLong(1),
        new RunSpec(row.getString(2), row.getString(3), row.getString(4), row.getInt(5) == 1),
        row.getLong(6),
        Instant.ofEpochMilli(row.getLong(7)),
        row.getLong(8),
        row.getInt(9) == 1);
  }
}
