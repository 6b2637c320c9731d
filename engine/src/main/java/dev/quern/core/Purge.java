package dev.quern.core;

import dev.quern.JobState;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.List;

/// Deletes the jobs of a lane that nobody wants any more.
final class Purge {
  private static final List<JobState> ENDED =
      List.of(JobState.DONE, JobState.FAILED, JobState.CANCELLED);

  private Purge() {}

  /// Deletes a page of the jobs that are not running; returns how many.
  static int page(Tx tx, Changes changes, Lane lane, int limit) throws SQLException {
    changes.deleted();
    List<JobTable.Moved> waiting = JobTable.notRunning(tx, lane.id(), limit);
    for (JobTable.Moved job : waiting) {
      JobTable.delete(tx, job.id());
    }
    return waiting.isEmpty() ? ended(tx, changes, lane, limit) : waiting.size();
  }

  private static int ended(Tx tx, Changes changes, Lane lane, int limit) throws SQLException {
    for (JobState state : ENDED) {
      List<Long> page = JobTable.expired(tx, lane.id(), state, Long.MAX_VALUE, limit);
      if (!page.isEmpty()) {
        for (long id : page) {
          JobTable.delete(tx, id);
        }
        changes.uncount(lane.id(), state, page.size());
        return page.size();
      }
    }
    return 0;
  }
}
