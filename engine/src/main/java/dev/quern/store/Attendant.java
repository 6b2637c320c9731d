package dev.quern.store;

import java.sql.SQLException;

/// What goes along with every batch of the [Writer]. All methods are called by the thread that
/// writes.
public interface Attendant {

  /// The transaction has begun.
  ///
  /// @param foreign whether other connections may have committed since the last batch
  void begun(Tx tx, boolean foreign) throws SQLException;

  /// All requests have been applied; what is done now is in the same commit.
  ///
  /// @param asked whether there were any
  void finish(Tx tx, boolean asked) throws SQLException;

  /// The batch is durable.
  void committed();

  /// The batch is undone: whatever was remembered from it is wrong.
  ///
  /// @param stuck whether nothing can be written now: the disk is full, or somebody holds the lock
  void rolledBack(boolean stuck);

  /// When there is something to do without a request, in milliseconds of the store's clock.
  long dueAt();

  /// Other connections have committed: whether there is something to do about it. Only reads.
  boolean probe(Tx tx) throws SQLException;
}
