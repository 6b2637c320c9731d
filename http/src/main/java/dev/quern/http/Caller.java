package dev.quern.http;

/// Who calls.
///
/// @param name for logs and people
record Caller(String name) {
  /// Somebody who need not say who it is.
  static final Caller ANYONE = new Caller("anyone");
}
