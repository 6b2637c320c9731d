package dev.quern.cli;

import java.io.IOException;
import java.io.InputStream;

/// An input whose reading fails.
final class Torn extends InputStream {
  private final Throwable fault;

  /// @param fault an [IOException], or one that nobody has to declare
  Torn(Throwable fault) {
    this.fault = fault;
  }

  @Override
  public int read() throws IOException {
    switch (fault) {
      case IOException io -> throw io;
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      default -> throw new AssertionError(fault);
    }
  }
}
