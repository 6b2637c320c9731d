package dev.quern.it;

import java.time.Duration;

/// Ways to be slow.
enum SlowKind {
  /// Sends nothing.
  SILENT("", Duration.ofSeconds(40)),
  /// Sends one byte.
  ONE_BYTE("G", Duration.ofSeconds(5)),
  /// Sends half a head.
  HALF_HEAD("GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ", Duration.ofSeconds(5)),
  /// Sends half a body.
  HALF_BODY(
      "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Content-Length: 100\r\n\r\n{",
      Duration.ofSeconds(15)),
  /// Sends half a line of a stream.
  HALF_LINE(
      "POST /v1/jobs:stream HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
      Duration.ofSeconds(15)),
  /// Asks for far more than it takes: it reads nothing at all.
  DEAF(
      "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(SlowKind.QUESTIONS),
      Duration.ofSeconds(35));

  /// Answers to all of them fit in no buffer of the system's.
  static final int QUESTIONS = 300;

  private final String bytes;
  private final Duration patience;

  SlowKind(String bytes, Duration patience) {
    this.bytes = bytes;
    this.patience = patience;
  }

  /// What it sends.
  String bytes() {
    return bytes;
  }

  /// How long the server bears it: the deadline, and how often that is looked at.
  Duration patience() {
    return patience;
  }
}
