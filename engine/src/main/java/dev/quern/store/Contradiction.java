package dev.quern.store;

import java.sql.SQLException;

/// Rows that cannot be, since nothing writes such: the file is damaged, although SQLite does not
/// see it.
public final class Contradiction extends SQLException {
  private static final long serialVersionUID = 1L;

  /// @param what cannot be
  public Contradiction(String what) {
    super(what);
  }

  Contradiction(RuntimeException unreadable) {
    super("a row cannot be read: " + unreadable, unreadable);
  }
}
