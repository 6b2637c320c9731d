package dev.quern;

import java.util.List;

/// What became of a request that is known by a [RequestKey].
///
/// @param status whether it was carried out now
/// @param jobs what was answered the first time; none if its key was used for another
public record EnqueuedOnce(Status status, List<Enqueued> jobs) {
  /// Whether a request was carried out.
  public enum Status {
    /// Now.
    NEW,
    /// Before; nothing was done now.
    REPLAYED,
    /// Not at all: another request had its key.
    KEY_REUSED
  }
}
