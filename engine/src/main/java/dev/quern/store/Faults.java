package dev.quern.store;

import dev.quern.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;

/// Turns faults of the database into messages that say what to do.
///
/// @param dialect what knows the codes
/// @param file what the messages name
record Faults(Dialect dialect, Path file) {

  /// A fault that happened before the commit: nothing was changed.
  StoreException of(SQLException fault) {
    return switch (dialect.fault(fault)) {
      case BUSY -> busy(fault);
      case FULL -> full(fault);
      case READ_ONLY ->
          new StoreException.Unusable(
              file + " cannot be written: check that the file and its directory are writable",
              fault);
      case UNUSABLE -> unusable(fault);
      case NOT_LOADED -> notLoaded(fault);
      case RULE, BROKEN ->
          new StoreException("the database refused, nothing was changed: " + message(fault), fault);
    };
  }

  /// A fault of the commit itself.
  StoreException ofCommit(SQLException fault) {
    return switch (dialect.fault(fault)) {
      case FULL -> full(fault);
      case BUSY -> busy(fault);
      default ->
          new StoreException.OutcomeUnknown(
              "the commit failed, so the change may or may not be there; look it up, or ask again"
                  + " with the same dedupe key: "
                  + message(fault),
              fault);
    };
  }

  private StoreException busy(SQLException fault) {
    return new StoreException.Busy(
        "another connection holds the write lock of "
            + file
            + "; inside your own transaction use enqueue(connection, job)",
        fault);
  }

  private StoreException full(SQLException fault) {
    return new StoreException.Full(
        "the disk of " + file + " is full, nothing was changed: free some space, then go on",
        fault);
  }

  private StoreException unusable(SQLException fault) {
    return new StoreException.Unusable(
        file
            + " is not a usable SQLite database ("
            + message(fault)
            + "): name another file, or restore a backup",
        fault);
  }

  /// The driver unpacks its library into a temporary directory at every start.
  private static StoreException notLoaded(SQLException fault) {
    String directory =
        System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"));
    return new StoreException.Unusable(
        "SQLite's native library cannot be loaded from "
            + directory
            + ", which may be full, read-only or mounted noexec: name another directory with java"
            + " -Dorg.sqlite.tmpdir=DIR",
        fault);
  }

  private static String message(SQLException fault) {
    return String.valueOf(fault.getMessage()).lines().findFirst().orElse("");
  }
}
