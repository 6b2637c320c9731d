package dev.quern.core;

import dev.quern.JobState;
import dev.quern.store.Tx;
import java.sql.SQLException;

/// Looks on while jobs end, in the transactions that end them. Used by the thread that writes,
/// except where a method says otherwise.
public interface Onlooker {
  /// Sees nothing.
  Onlooker NOBODY = new Onlooker() {};

  /// Refuses a URL of a job. Any thread may ask.
  ///
  /// @throws IllegalArgumentException if it is refused
  default void check(String url) {}

  /// Reads what other connections may have changed.
  default void refresh(Tx tx) throws SQLException {}

  /// Forgets everything: what was remembered may have been rolled back.
  default void forget() {}

  /// Takes note of a new job that has a URL.
  default void addressed() {}

  /// A job has ended in this transaction.
  default void ended(Tx tx, String tenant, String kind, long jobId, JobState state)
      throws SQLException {}
}
