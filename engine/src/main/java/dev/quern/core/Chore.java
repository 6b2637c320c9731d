package dev.quern.core;

import dev.quern.store.Tx;
import java.sql.SQLException;

/// Something that is due from time to time without anybody asking. Used by the thread that writes.
public interface Chore {
  /// Reads what other connections may have changed, or what went with jobs that were deleted.
  default void refresh(Tx tx) throws SQLException {}

  /// When it is due next, by the store's clock; [Long#MAX_VALUE] means never.
  long dueAt();

  /// Does it, or a page of it, and moves its due time.
  void run(Tx tx) throws SQLException;
}
