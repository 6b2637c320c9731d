package dev.quern;

/// How far a run is, as the process that is at it sees it. Ends that other processes cause may be
/// counted some seconds late; when [Run#finished] says so, the numbers are exact.
///
/// @param lines how many lines were taken in
/// @param complete whether no more lines will come
/// @param done how many ended well
/// @param failed how many failed for good
/// @param cancelled how many were cancelled
/// @param before how many of these had ended when the run was opened
/// @param retries how many failed attempts are tried again, since the run was opened
public record RunProgress(
    long lines,
    boolean complete,
    long done,
    long failed,
    long cancelled,
    long before,
    long retries) {

  /// How many have ended.
  public long ended() {
    return done + failed + cancelled;
  }
}
