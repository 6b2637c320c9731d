package dev.quern;

/// The store could not do what was asked: not the caller's mistake, but the world's. Unless it is
/// an [OutcomeUnknown], nothing was changed.
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A fault with what to do about it in its message.
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /// Another connection held the write lock for longer than the busy timeout. Nothing was changed.
  public static final class Busy extends StoreException {
    private static final long serialVersionUID = 1L;

    /// A fault with what to do about it in its message.
    public Busy(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The disk is full. Nothing was changed; writing goes on once there is space.
  public static final class Full extends StoreException {
    private static final long serialVersionUID = 1L;

    /// A fault with what to do about it in its message.
    public Full(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The commit itself failed: the change may or may not have happened. Look it up, or ask again
  /// with the same dedupe key.
  public static final class OutcomeUnknown extends StoreException {
    private static final long serialVersionUID = 1L;

    /// A fault with what to do about it in its message.
    public OutcomeUnknown(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The file cannot be used: no database, a newer schema, not writable, corrupt.
  public static final class Unusable extends StoreException {
    private static final long serialVersionUID = 1L;

    /// A fault with what to do about it in its message.
    public Unusable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
