package dev.quern;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// Artifacts: named contents of jobs, of any length. They are kept in the store itself, in pieces,
/// and streamed in and out; the same content is kept once, however many artifacts hold it. They go
/// with their jobs. Safe for use by several threads.
///
/// A worker attaches with [JobContext#attach] or [Lease#attach], under its fence; what is put here
/// is put by whoever operates the store, in whatever state the job is.
public sealed interface Artifacts permits dev.quern.artifact.ArtifactRoom {

  /// The most artifacts of one job.
  int COUNT_LIMIT = 100;

  /// Keeps an artifact of a job, in the place of one that has its name. It is written while it is
  /// read, and seen when it is whole. The stream is not closed.
  ///
  /// @return what was kept; empty if there is no such job
  /// @throws ArtifactRefusedException if it is too long, not what it was said to be, or one too
  ///   many
  /// @throws IOException if the content cannot be read
  /// @throws StoreException if it cannot be written
  Optional<Artifact> put(long jobId, NewArtifact artifact, InputStream content) throws IOException;

  /// The same for a worker that is known by its job and fence alone: [Lease#attach].
  ///
  /// @return what was kept; empty if the lease was lost
  /// @throws ArtifactRefusedException if it is too long, not what it was said to be, or one too
  ///   many
  /// @throws IOException if the content cannot be read
  /// @throws StoreException if it cannot be written
  Optional<Artifact> put(long jobId, long fence, NewArtifact artifact, InputStream content)
      throws IOException;

  /// An artifact, without its content.
  Optional<Artifact> get(long jobId, String name);

  /// The artifacts of a job by name, without their contents.
  List<Artifact> list(long jobId);

  /// The content of an artifact. Who reads to its end is told by an [IOException] if the bytes are
  /// not those that were put; so is who reads on when it was deleted or replaced and swept away.
  Optional<InputStream> read(long jobId, String name);

  /// A part of a content: from a position, to its end or `length` bytes.
  ///
  /// @throws IllegalArgumentException if one of them is negative
  Optional<InputStream> read(long jobId, String name, long from, long length);

  /// Deletes an artifact. Its bytes are swept away in small steps, unless others hold them.
  ///
  /// @return whether there was one
  boolean delete(long jobId, String name);
}
