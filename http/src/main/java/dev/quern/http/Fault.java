package dev.quern.http;

import java.util.Locale;

/// What can be wrong with a request, or with the server: the types of [Problem]s. Their names are
/// part of the interface.
enum Fault {
  /// It is not well-formed HTTP, or not JSON.
  SYNTAX(400, "The request is not well formed"),
  /// It needs a token.
  UNAUTHORIZED(401, "A valid token is needed"),
  /// It comes from somewhere it must not come from.
  FORBIDDEN(403, "This is not allowed"),
  /// There is no such thing.
  NOT_FOUND(404, "There is no such thing"),
  /// The path does not know this method.
  METHOD_NOT_ALLOWED(405, "The path does not know this method"),
  /// The state of the job does not allow it.
  INVALID_STATE(409, "The state of the job does not allow this"),
  /// The lease was lost.
  LEASE_LOST(409, "The lease was lost"),
  /// There is one already.
  EXISTS(409, "There is one already"),
  /// The body has no length.
  LENGTH_REQUIRED(411, "A body needs a Content-Length"),
  /// What it was based on has changed.
  STALE_VERSION(412, "It has changed since you looked"),
  /// The body is too long.
  PAYLOAD_TOO_LARGE(413, "The body is too long"),
  /// The target is too long.
  URI_TOO_LONG(414, "The target is too long"),
  /// The range is not in it.
  RANGE(416, "The range is not in it"),
  /// The body is not of the right type.
  UNSUPPORTED_MEDIA_TYPE(415, "The body is not of the right type"),
  /// It is well formed and makes no sense.
  VALIDATION(422, "The request is not valid"),
  /// The tenant has no room left.
  QUOTA_EXCEEDED(429, "The tenant has no room left"),
  /// Another request had its key.
  IDEMPOTENCY_KEY_REUSED(422, "Another request had this Idempotency-Key"),
  /// There are too many headers.
  HEADERS_TOO_LARGE(431, "The headers are too many or too long"),
  /// A fault of the server itself.
  INTERNAL(500, "The server failed"),
  /// Whether it happened is not known.
  OUTCOME_UNKNOWN(500, "Whether this was written is not known"),
  /// The store is busy.
  BUSY(503, "The store is busy"),
  /// The disk is full.
  STORAGE_FULL(503, "The disk is full"),
  /// The server is about to stop.
  DRAINING(503, "The server is about to stop");

  private final int status;
  private final String title;

  Fault(int status, String title) {
    this.status = status;
    this.title = title;
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  /// The name in the interface, such as `not-found`.
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Whether the same request may go well later.
  boolean retryable() {
    return status == 503 || status == 429;
  }
}
