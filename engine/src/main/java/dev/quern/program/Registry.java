package dev.quern.program;

import dev.quern.program.ProgramTable.Row;
import dev.quern.store.Step;
import dev.quern.store.Store;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The programs that may be alive, in the store. Rows of programs that have ended are deleted with
/// the next that is written, so that they cost no commit; if this process dies before, whoever
/// finds them finds nobody alive. Safe for use by several threads.
final class Registry {
  private final Store store;
  private final Admission admission = new Admission();
  private final Queue<Row> ended = new ConcurrentLinkedQueue<>();

  Registry(Store store) {
    this.store = store;
  }

  /// The row that an attempt before `fence` has left.
  Optional<Row> earlier(long jobId, long fence) {
    return store
        .readers()
        .read(tx -> ProgramTable.find(tx, jobId))
        .filter(row -> row.fence() < fence);
  }

  /// Writes that a program may begin.
  ///
  /// @return false if its job is not running under its fence any more: then it must not
  boolean admit(Row row) {
    List<Row> over = takeEnded();
    try {
      return store.writer().call(admission, new Entry(row, over), 1 + over.size(), 0);
    } catch (RuntimeException fault) {
      ended.addAll(over);
      throw fault;
    }
  }

  private List<Row> takeEnded() {
    List<Row> taken = new ArrayList<>();
    for (Row row = ended.poll(); row != null; row = ended.poll()) {
      taken.add(row);
    }
    return taken;
  }

  /// Notes that nothing of a program is alive.
  void ended(Row row) {
    ended.add(row);
  }

  /// A row to write, and those to delete before.
  private record Entry(Row row, List<Row> ended) {}

  /// Writes rows whose jobs are still running.
  private static final class Admission implements Step<Entry, Boolean> {
    @Override
    public Phase phase() {
      return Phase.OTHER;
    }

    @Override
    public List<Boolean> apply(Tx tx, List<Entry> members) throws SQLException {
      List<Boolean> admitted = new ArrayList<>(members.size());
      for (Entry entry : members) {
        ProgramTable.delete(tx, entry.ended());
        admitted.add(ProgramTable.admit(tx, entry.row()));
      }
      return admitted;
    }
  }
}
