package dev.quern.store;

import dev.quern.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Whether a file that seemed to be damaged is. A fault of the disk that passes looks the same, so
/// the whole file is read through a new connection; again and again, ever more seldom, as long as
/// that finds damage. Belongs to the thread that writes.
final class Examination {
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final Dialect dialect;
  private final LongSupplier nanoTime;
  private long pauseNanos = FIRST_PAUSE_NANOS;
  private long dueAt;

  /// @param nanoTime as [System#nanoTime]
  Examination(Dialect dialect, LongSupplier nanoTime) {
    this.dialect = dialect;
    this.nanoTime = nanoTime;
    this.dueAt = nanoTime.getAsLong();
  }

  /// Whether it is due, and finds nothing wrong.
  boolean acquits(Writer.Source source) {
    if (nanoTime.getAsLong() - dueAt < 0) {
      return false;
    }
    boolean whole = whole(source);
    pauseNanos = whole ? FIRST_PAUSE_NANOS : Math.min(4 * pauseNanos, LONGEST_PAUSE_NANOS);
    dueAt = nanoTime.getAsLong() + pauseNanos;
    return whole;
  }

  private boolean whole(Writer.Source source) {
    try (Connection connection = source.open()) {
      return dialect.whole(connection);
    } catch (SQLException | StoreException fault) {
      return false;
    }
  }
}
