package dev.quern.store;

import java.sql.SQLException;

/// A write of its own. It may be applied again when a batch was rolled back, so it touches nothing
/// but its transaction.
///
/// @param <T> what is answered
@FunctionalInterface
public interface Work<T> {
  /// Applies the work.
  T apply(Tx tx) throws SQLException;
}
