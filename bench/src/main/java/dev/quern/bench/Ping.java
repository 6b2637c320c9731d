package dev.quern.bench;

/// A payload that tells when its job was enqueued, by the monotonic clock, which all JVMs of one
/// Linux machine share.
///
/// @param at [System#nanoTime] just before
record Ping(long at) {
  static final String KIND = "ping";

  static Ping now() {
    return new Ping(System.nanoTime());
  }
}
