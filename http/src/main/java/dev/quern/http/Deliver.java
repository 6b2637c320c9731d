package dev.quern.http;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// A long answer: each part of it may take a while to be taken.
final class Deliver extends FilterOutputStream {
  private final ServerConfig config;

  Deliver(ServerConfig config, OutputStream out) {
    super(out);
    this.config = config;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Guard.current().within(config.handlerDeadline());
    out.write(bytes, offset, length);
  }
}
