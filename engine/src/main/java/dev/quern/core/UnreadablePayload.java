package dev.quern.core;

/// A payload that its handler's type cannot be read from: trying again cannot help.
final class UnreadablePayload extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadablePayload(String message, Throwable cause) {
    super(message, cause);
  }
}
