package dev.quern.store;

import dev.quern.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/// Turns faults of the database into messages that say what to do, and remembers the one after
/// which nothing may be written any more. Safe for use by several threads.
final class Faults {
  private static final StoreException FAILED_WITHOUT_MEMORY =
      new StoreException("the write failed, nothing was changed: no memory is left", null);
  private static final StoreException UNKNOWN_WITHOUT_MEMORY =
      new StoreException.OutcomeUnknown(
          "the commit may or may not have happened, and no memory is left: look it up", null);

  private final Dialect dialect;
  private final Path file;
  private volatile Optional<StoreException> ruin = Optional.empty();
  private volatile boolean acquittedBefore;

  /// @param dialect what knows the codes
  /// @param file what the messages name
  Faults(Dialect dialect, Path file) {
    this.dialect = dialect;
    this.file = file;
  }

  /// Why nothing may be written: what is acknowledged on a damaged file may not be there tomorrow.
  Optional<StoreException> ruin() {
    return ruin;
  }

  /// Whether what seemed to be damage may have been a fault of the disk that has passed. What comes
  /// back has not: SQLite's check finds nothing in some files that its queries stumble over.
  boolean mayHavePassed() {
    return !acquittedBefore
        && ruin.map(Throwable::getCause)
            .filter(cause -> cause instanceof SQLException && !(cause instanceof Contradiction))
            .isPresent();
  }

  /// The file was looked through, and is whole. This is believed once.
  void acquitted() {
    acquittedBefore = true;
    ruin = Optional.empty();
  }

  /// The file is no longer where it was opened: what is written now is lost.
  StoreException gone() {
    return ruined(
        new StoreException.Unusable(
            file
                + " was deleted, moved or replaced while it was open: put it back or restore a"
                + " backup, and open it again",
            null));
  }

  private StoreException ruined(StoreException why) {
    ruin = Optional.of(why);
    return why;
  }

  /// A fault that happened before the commit: nothing was changed.
  StoreException of(SQLException fault) {
    return switch (dialect.fault(fault)) {
      case BUSY -> busy(fault);
      case FULL, CROWDED -> full(fault);
      case READ_ONLY ->
          new StoreException.Unusable(
              file + " cannot be written: check that the file and its directory are writable",
              fault);
      case NOT_OPENED ->
          new StoreException.Unusable(
              file
                  + " cannot be written: check that the file and its directory are writable, and"
                  + " that this process may open more files (ulimit -n)",
              fault);
      case UNUSABLE -> ruined(unusable(fault));
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
      case UNUSABLE -> {
        ruined(unusable(fault));
        yield unknown(fault);
      }
      default -> unknown(fault);
    };
  }

  /// What is told of a fault of a batch, even where no memory is left.
  RuntimeException ofBatch(Throwable fault) {
    try {
      return described(fault);
    } catch (Error noRoom) {
      return fault instanceof CommitFault ? UNKNOWN_WITHOUT_MEMORY : FAILED_WITHOUT_MEMORY;
    }
  }

  private RuntimeException described(Throwable fault) {
    return switch (fault) {
      case CommitFault failed -> ofCommit(failed.sql());
      case SQLException sql -> of(sql);
      case RuntimeException other -> other;
      default ->
          new IllegalStateException("the write failed, nothing was changed: " + fault, fault);
    };
  }

  /// Whether a fault of a batch is that of one of its members, which the others need not suffer.
  boolean concernsOneMember(Throwable fault) {
    return switch (fault) {
      case CommitFault _ -> false;
      case SQLException sql -> dialect.fault(sql) == Dialect.Fault.RULE;
      default -> true;
    };
  }

  private static StoreException unknown(SQLException fault) {
    return new StoreException.OutcomeUnknown(
        "the commit failed, so the change may or may not be there; look it up, or ask again with"
            + " the same dedupe key: "
            + message(fault),
        fault);
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
            + "): name another file, or restore a backup; if it was one, check its disk first",
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
            + " -Dorg.sqlite.tmpdir=DIR; or there is none for %s on %s"
                .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
        fault);
  }

  private static String message(SQLException fault) {
    return String.valueOf(fault.getMessage()).lines().findFirst().orElse("");
  }
}
