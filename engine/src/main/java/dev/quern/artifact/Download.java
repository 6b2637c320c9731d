package dev.quern.artifact;

import dev.quern.store.Readers;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/// A content, or a part of it, on its way out: a piece at a time, each from the readers. Whoever
/// reads all of a content to its end is told if it is not what was put. Used by one thread.
final class Download extends InputStream {
  private final Readers readers;
  private final ArtifactTable.Row row;
  private final long end;
  private final Optional<MessageDigest> digest;
  private long position;
  private ContentTable.Chunk chunk = new ContentTable.Chunk(0, new byte[0]);

  /// The bytes of an artifact from a position to another.
  Download(Readers readers, ArtifactTable.Row row, long from, long end) {
    this.readers = readers;
    this.row = row;
    this.position = from;
    this.end = end;
    boolean whole = from == 0 && end == row.artifact().size();
    this.digest = whole ? Optional.of(Digests.sha256()) : Optional.empty();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (position >= end) {
      return -1;
    }
    fetch();
    int from = (int) (position - chunk.position());
    int count = (int) Math.min(Math.min(length, chunk.bytes().length - from), end - position);
    System.arraycopy(chunk.bytes(), from, into, offset, count);
    position += count;
    checked(into, offset, count);
    return count;
  }

  @Override
  public int available() {
    return chunk.holds(position)
        ? (int) Math.min(end, chunk.position() + chunk.bytes().length) - (int) position
        : 0;
  }

  private void fetch() throws IOException {
    if (!chunk.holds(position)) {
      chunk =
          readers
              .read(tx -> ContentTable.chunk(tx, row.content(), position))
              .filter(found -> found.holds(position))
              .orElseThrow(this::gone);
    }
  }

  private IOException gone() {
    return new IOException(
        "artifact %s of job %d was deleted or replaced while it was read: read it again"
            .formatted(row.artifact().name(), row.artifact().jobId()));
  }

  private void checked(byte[] bytes, int offset, int count) throws IOException {
    if (digest.isPresent()) {
      digest.get().update(bytes, offset, count);
      if (position == end) {
        compare(HexFormat.of().formatHex(digest.get().digest()));
      }
    }
  }

  private void compare(String hex) throws IOException {
    if (!hex.equals(row.artifact().sha256())) {
      throw new IOException(
          "artifact %s of job %d is damaged: its SHA-256 is %s, not %s"
              .formatted(
                  row.artifact().name(), row.artifact().jobId(), hex, row.artifact().sha256()));
    }
  }
}
