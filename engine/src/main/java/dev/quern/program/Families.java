package dev.quern.program;

import dev.quern.StoreException;
import dev.quern.program.ProgramTable.Row;
import dev.quern.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/// Tells which processes belong to which job of one database file. A copy of the file has the same
/// jobs, but never the same processes. Safe for use by several threads.
final class Families {
  private static final int COOKIE_BYTES = 16;

  private final String identity;
  private final String file;

  Families(Store store) {
    identity = store.identity();
    file = keyOf(store);
  }

  private static String keyOf(Store store) {
    try {
      Object key = Files.readAttributes(store.file(), BasicFileAttributes.class).fileKey();
      return Objects.toString(key, store.file().toString());
    } catch (IOException fault) {
      throw new StoreException.Unusable("cannot look at " + store.file(), fault);
    }
  }

  /// The file as the system knows it.
  String file() {
    return file;
  }

  /// The processes of the attempts of a job up to one, known by their environments.
  Family of(long jobId, long fence) {
    return new Family(cookie(jobId), fence, Optional.empty());
  }

  /// The processes of the attempts of a job up to one, known by their environments or because they
  /// descend from the shell of a row.
  Family of(Row row, long fence) {
    Optional<ProcessId> root = Optional.of(row.process()).filter(_ -> row.file().equals(file));
    return new Family(cookie(row.jobId()), fence, root);
  }

  /// The same for every attempt, so that later ones find earlier ones.
  private String cookie(long jobId) {
    String text = identity + '\n' + file + '\n' + jobId;
    byte[] digest = sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, COOKIE_BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has it", e);
    }
  }
}
