package dev.quern.store;

import java.sql.SQLException;

/// A commit that failed: whether it happened is not known.
final class CommitFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommitFault(Throwable cause) {
    super(cause);
  }

  SQLException sql() {
    return getCause() instanceof SQLException sql ? sql : new SQLException(getCause());
  }
}
