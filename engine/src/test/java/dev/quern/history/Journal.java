package dev.quern.history;

import dev.quern.support.Wire;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/// What a store really did, in the order in which it did it: triggers in the file write down each
/// change of a job within the transaction that makes it, and the wire tells where each commit is.
/// The engine does not know.
final class Journal {
  private static final List<String> TRIGGERS =
      List.of(
          """
          create table journal (
            seq integer primary key, job integer, was text, state text, fence integer,
            requeues integer, note text, dedupe_key text, lane integer, priority integer,
            available_at integer)
          """,
          """
          create trigger journal_added after insert on quern_job begin
            insert into journal values (null, new.id, null, new.state, new.fence, new.requeues,
              new.note, new.dedupe_key, new.lane, new.priority, new.available_at);
          end
          """,
          """
          create trigger journal_changed after update of state, cancel_requested_at on quern_job
          begin
            insert into journal values (null, new.id, old.state, new.state, new.fence,
              new.requeues, new.note, new.dedupe_key, new.lane, new.priority, new.available_at);
          end
          """,
          """
          create trigger journal_removed after delete on quern_job begin
            insert into journal values (null, old.id, old.state, null, old.fence, old.requeues,
              old.note, old.dedupe_key, old.lane, old.priority, old.available_at);
          end
          """);

  private static final String ALL =
      """
      select seq, job, was, state, fence, requeues, note, dedupe_key, lane, priority, available_at,
             (select kind from quern_lane where id = lane)
        from journal order by seq
      """;

  private final Path file;
  private final ConcurrentLinkedQueue<Long> ends = new ConcurrentLinkedQueue<>();

  /// A change of a job.
  ///
  /// @param was its state before; empty if it is new
  /// @param state its state now; empty if it is gone
  record Change(
      long seq,
      long job,
      Optional<String> was,
      Optional<String> state,
      long fence,
      int requeues,
      Optional<String> note,
      Optional<String> key,
      long lane,
      int priority,
      long availableAt,
      String kind) {

    boolean from(String before) {
      return was.equals(Optional.of(before));
    }

    boolean to(String after) {
      return state.equals(Optional.of(after));
    }
  }

  private Journal(Path file) {
    this.file = file;
  }

  /// Starts to keep one of the store in a file.
  static Journal of(Path file) throws SQLException {
    try (Connection connection = Wire.untapped(file);
        Statement statement = connection.createStatement()) {
      for (String sql : TRIGGERS) {
        statement.execute(sql);
      }
    }
    Journal journal = new Journal(file);
    Wire.tap(file, journal::tap);
    return journal;
  }

  private Wire.Tap tap() {
    return new Wire.Tap() {
      private long last;

      @Override
      public void before(Connection real, String sql) throws SQLException {
        if (sql.equals("commit")) {
          last = lastChange(real);
        }
      }

      @Override
      public void after(Connection real, String sql) {
        if (sql.equals("commit")) {
          ends.add(last);
        }
      }
    };
  }

  private static long lastChange(Connection connection) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement("select coalesce(max(seq), 0) from journal");
        ResultSet row = query.executeQuery()) {
      return row.getLong(1);
    }
  }

  /// The last change of each commit, in order; commits that change no job are left out.
  long[] commits() {
    return ends.stream()
        .mapToLong(Long::longValue)
        .sorted()
        .distinct()
        .filter(n -> n > 0)
        .toArray();
  }

  /// All changes.
  List<Change> changes() throws SQLException {
    Wire.untap(file);
    try (Connection connection = Wire.untapped(file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ALL)) {
      List<Change> changes = new ArrayList<>();
      while (row.next()) {
        changes.add(change(row));
      }
      return changes;
    }
  }

  private static Change change(ResultSet row) throws SQLException {
    return new Change(
        row.getLong(1),
        row.getLong(2),
        Optional.ofNullable(row.getString(3)),
        Optional.ofNullable(row.getString(4)),
        row.getLong(5),
        row.getInt(6),
        Optional.ofNullable(row.getString(7)),
        Optional.ofNullable(row.getString(8)),
        row.getLong(9),
        row.getInt(10),
        row.getLong(11),
        row.getString(12));
  }
}
