package dev.quern.peers;

/// One measurement of one workload.
///
/// @param value in the unit of the workload; null if there is none
/// @param recorded of a drain: the rate until the end of every job was in the store; else null
/// @param duplicates of a drain: how often a handler was called for a job that had been handled
/// @param note what went wrong; empty if nothing did
record Run(Double value, Double recorded, int duplicates, String note) {
  static Run of(Double value) {
    return of(value, "");
  }

  static Run of(Double value, String note) {
    return new Run(value, null, 0, note);
  }
}
