package dev.quern.core;

import dev.quern.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Who waits for the end of which job. Safe for use by several threads.
final class Waits {
  private final Map<Long, Wait> waits = new ConcurrentHashMap<>();

  /// Those who wait for one job.
  private record Wait(CountDownLatch ended, int waiters) {
    Wait plus(int more) {
      return new Wait(ended, waiters + more);
    }
  }

  /// Begins to wait; from now on an end is not missed. To be followed by [#leave].
  CountDownLatch enter(long jobId) {
    return waits
        .compute(
            jobId, (_, wait) -> wait == null ? new Wait(new CountDownLatch(1), 1) : wait.plus(1))
        .ended();
  }

  void leave(long jobId) {
    waits.computeIfPresent(jobId, (_, wait) -> wait.waiters() == 1 ? null : wait.plus(-1));
  }

  /// Waits; returns whether the job has ended.
  static boolean await(CountDownLatch ended, Duration timeout) {
    try {
      return ended.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void ended(Collection<Long> jobs) {
    if (!waits.isEmpty()) {
      jobs.forEach(this::ended);
    }
  }

  private void ended(long jobId) {
    Wait wait = waits.get(jobId);
    if (wait != null) {
      wait.ended().countDown();
    }
  }

  /// Wakes all who wait: the engine is closed, which they find out when they look.
  void endAll() {
    waits.keySet().forEach(this::ended);
  }

  /// Looks for ends that others have recorded.
  void look(Tx tx) throws SQLException {
    for (long jobId : waits.keySet()) {
      if (JobTable.ended(tx, jobId).isPresent()) {
        ended(jobId);
      }
    }
  }
}
