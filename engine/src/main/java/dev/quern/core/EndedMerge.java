package dev.quern.core;

import dev.quern.JobState;
import dev.quern.core.JobListTable.Row;
import dev.quern.core.JobViewTable.Place;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;

/// The ended jobs of many lanes, last ended first: what each lane has in each state, a few rows at
/// a time, merged. So it reads little more than is taken, however many lanes there are.
final class EndedMerge {
  private static final int MOST_ROWS = 100;

  private final Tx tx;
  private final long from;
  private final int rows;
  private final PriorityQueue<Source> sources =
      new PriorityQueue<>(Comparator.comparing(Source::first, Place.LAST_FIRST));

  /// @param from when they ended at the earliest
  /// @param below where it begins
  /// @param limit how many will be taken, at most
  EndedMerge(
      Tx tx, Collection<Long> lanes, List<JobState> states, long from, Place below, int limit)
      throws SQLException {
    this.tx = tx;
    this.from = from;
    this.rows = Math.clamp(2L * limit / Math.max(1, lanes.size() * states.size()), 1, MOST_ROWS);
    for (long lane : lanes) {
      for (JobState state : states) {
        keep(new Source(lane, state, below));
      }
    }
  }

  /// The next, up to a limit.
  List<Row> take(int limit) throws SQLException {
    List<Row> taken = new ArrayList<>();
    while (taken.size() < limit && !sources.isEmpty()) {
      Source best = sources.poll();
      taken.add(best.next());
      keep(best);
    }
    return taken;
  }

  private void keep(Source source) throws SQLException {
    if (source.hasNext()) {
      sources.add(source);
    }
  }

  /// The ended jobs of one lane in one state.
  private final class Source {
    private final long lane;
    private final JobState state;
    private final Queue<Row> read = new ArrayDeque<>();
    private Place below;
    private boolean more = true;

    Source(long lane, JobState state, Place below) {
      this.lane = lane;
      this.state = state;
      this.below = below;
    }

    Place first() {
      return read.element().place();
    }

    boolean hasNext() throws SQLException {
      if (read.isEmpty() && more) {
        read.addAll(JobListTable.lastEnded(tx, lane, state, from, below, rows));
        more = read.size() == rows;
      }
      return !read.isEmpty();
    }

    Row next() {
      Row next = read.remove();
      below = next.place();
      return next;
    }
  }
}
