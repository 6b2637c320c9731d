package dev.quern;

/// What a request to cancel did.
public enum CancelResult {
  /// It was not running and is cancelled now.
  CANCELLED,
  /// It is running: it has been asked to stop.
  REQUESTED,
  /// It had ended before.
  ALREADY_ENDED,
  /// There is no such job.
  NOT_FOUND
}
