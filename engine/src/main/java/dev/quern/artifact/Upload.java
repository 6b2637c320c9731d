package dev.quern.artifact;

import dev.quern.Artifact;
import dev.quern.ArtifactRefusedException;
import dev.quern.ArtifactRefusedException.Reason;
import dev.quern.Artifacts;
import dev.quern.NewArtifact;
import dev.quern.StoreException;
import dev.quern.core.Core;
import dev.quern.store.Tx;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/// One content on its way into the store, a piece in each transaction, so that others write in
/// between and nobody holds more than a piece. The last transaction makes it whole and an artifact;
/// what fits into one piece needs no other. Used by one thread.
final class Upload {
  /// The length of a piece: 256 KiB.
  static final int CHUNK = 256 << 10;

  private static final long NONE = 0;
  private static final Logger LOG = System.getLogger(Upload.class.getName());

  private final Core core;
  private final Target target;
  private final NewArtifact artifact;
  private final MessageDigest digest = Digests.sha256();
  private long content = NONE;
  private long size;

  Upload(Core core, Target target, NewArtifact artifact) {
    this.core = core;
    this.target = target;
    this.artifact = artifact;
  }

  /// Keeps all of a stream; empty if the job is not there, or not the worker's any more.
  Optional<Artifact> all(InputStream in) throws IOException {
    Answer first = core.store().readers().read(this::look);
    return first == Answer.YES ? pieces(in) : refused(first);
  }

  private Optional<Artifact> pieces(InputStream in) throws IOException {
    byte[] piece = next(in);
    while (piece.length == CHUNK) {
      if (!append(piece)) {
        return Optional.empty();
      }
      piece = next(in);
    }
    return finish(piece);
  }

  private byte[] next(InputStream in) throws IOException {
    byte[] piece = in.readNBytes(CHUNK);
    digest.update(piece);
    if (size + piece.length > core.config().artifactLimit()) {
      throw new ArtifactRefusedException(
          Reason.TOO_LONG,
          "artifact %s is longer than %,d bytes: keep it elsewhere and its place here"
              .formatted(artifact.name(), core.config().artifactLimit()));
    }
    return piece;
  }

  /// What a look at the job says.
  private enum Answer {
    YES,
    ABSENT,
    TOO_MANY
  }

  private Answer look(Tx tx) throws SQLException {
    if (!ArtifactTable.admits(tx, target)) {
      return Answer.ABSENT;
    }
    return ArtifactTable.countOthers(tx, target.jobId(), artifact.name()) < Artifacts.COUNT_LIMIT
        ? Answer.YES
        : Answer.TOO_MANY;
  }

  private Optional<Artifact> refused(Answer answer) {
    if (answer == Answer.TOO_MANY) {
      throw new ArtifactRefusedException(
          Reason.TOO_MANY,
          "job %d has %d artifacts, the most that are allowed: put several contents into one"
              .formatted(target.jobId(), Artifacts.COUNT_LIMIT));
    }
    return Optional.empty();
  }

  /// Writes a piece; returns whether the job is still there, and the worker's.
  private boolean append(byte[] piece) {
    long writer = core.owner();
    long written =
        core.store()
            .writer()
            .write(
                tx -> ArtifactTable.admits(tx, target) ? append(tx, writer, piece) : NONE,
                piece.length);
    content = written == NONE ? content : written;
    size += piece.length;
    return written != NONE;
  }

  private long append(Tx tx, Long writer, byte[] piece) throws SQLException {
    long id = content == NONE ? ContentTable.insert(tx, writer) : content;
    if (piece.length > 0) {
      ContentTable.append(tx, id, size, piece);
    }
    return id;
  }

  private Optional<Artifact> finish(byte[] last) {
    String hex = HexFormat.of().formatHex(digest.digest());
    if (!artifact.sha256().orElse(hex).equals(hex)) {
      throw new ArtifactRefusedException(
          Reason.OTHER_CONTENT,
          "the bytes of artifact %s have the SHA-256 %s, not %s: send them again"
              .formatted(artifact.name(), hex, artifact.sha256().orElseThrow()));
    }
    long now = core.store().clock().millis();
    Answer answer = core.store().writer().write(tx -> finish(tx, last, hex, now), last.length);
    if (answer != Answer.YES) {
      return refused(answer);
    }
    Artifact kept = kept(hex, size + last.length, now);
    content = NONE;
    return Optional.of(kept);
  }

  private Answer finish(Tx tx, byte[] last, String hex, long now) throws SQLException {
    Answer answer = look(tx);
    if (answer == Answer.YES) {
      long held = content(tx, last, hex);
      ArtifactTable.delete(tx, target.jobId(), artifact.name(), target.scope());
      ArtifactTable.insert(tx, target, artifact, held, now);
      ContentTable.hold(tx, held);
    }
    return answer;
  }

  /// The content with these bytes: one that is there, or ours, which is whole with its last piece.
  private long content(Tx tx, byte[] last, String hex) throws SQLException {
    Optional<Long> known = ContentTable.whole(tx, hex);
    if (known.isPresent()) {
      ContentTable.abandon(tx, content);
      return known.get();
    }
    long ours = append(tx, null, last);
    ContentTable.finish(tx, ours, hex, size + last.length);
    return ours;
  }

  private Artifact kept(String hex, long bytes, long now) {
    return new Artifact(
        target.jobId(),
        artifact.name(),
        artifact.type(),
        bytes,
        hex,
        Instant.ofEpochMilli(now),
        Optional.ofNullable(target.fence()));
  }

  /// Leaves what was written and is not whole to be swept: now, or when this engine is gone.
  void abandon() {
    try {
      if (content != NONE) {
        core.store().writer().write(tx -> ContentTable.abandon(tx, content));
      }
    } catch (StoreException | IllegalStateException fault) {
      LOG.log(Level.DEBUG, "an upload is left until this engine is closed", fault);
    }
  }
}
