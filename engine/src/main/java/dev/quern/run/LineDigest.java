package dev.quern.run;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The first 64 bits of SHA-256: enough to know a line again. For one thread.
final class LineDigest {
  private final MessageDigest sha256;

  LineDigest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  long of(byte[] line) {
    byte[] digest = sha256.digest(line);
    long first = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      first = first << Byte.SIZE | digest[i] & 0xff;
    }
    return first;
  }
}
