package dev.quern;

/// An artifact is not kept, though its job is there. Nothing was changed; the message says what to
/// do.
public final class ArtifactRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Why an artifact is refused.
  public enum Reason {
    /// It is longer than [QuernConfig#artifactLimit].
    TOO_LONG,
    /// Its job has [Artifacts#COUNT_LIMIT] already.
    TOO_MANY,
    /// Its bytes are not what they were said to be.
    OTHER_CONTENT
  }

  private final Reason reason;

  /// A refusal with what to do about it in its message.
  public ArtifactRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /// Why it is refused.
  public Reason reason() {
    return reason;
  }
}
