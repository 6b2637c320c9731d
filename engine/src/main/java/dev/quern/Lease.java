package dev.quern;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The right to work on one job, claimed by hand. Every method compares the fence and answers
/// whether the lease still held: false means that the job was reclaimed, cancelled or settled, that
/// nothing was changed, and that its work must stop. Safe for use by several threads.
public sealed interface Lease permits dev.quern.core.HandLease {

  /// The job.
  long jobId();

  /// Its kind.
  String kind();

  /// Its payload as JSON text.
  String payload();

  /// The number of this attempt, from 1.
  int attempt();

  /// The number of this claim; never goes back.
  long fence();

  /// Makes the lease last for `by` from now, between 1 s and 1 h.
  boolean renew(Duration by);

  /// Whether someone asked for the job to be cancelled.
  boolean cancelRequested();

  /// When the lease runs out, as far as this object knows.
  Instant until();

  /// Keeps a named content as an artifact of the job, in the place of one that has the name. It is
  /// written while it is read, and seen when it is whole. The stream is not closed.
  ///
  /// @return what was kept; empty if the lease was lost, and then nothing was
  /// @throws ArtifactRefusedException if it is too long, not what it was said to be, or one too
  ///   many
  /// @throws IOException if the content cannot be read
  Optional<Artifact> attach(NewArtifact artifact, InputStream content) throws IOException;

  /// Ends the job well. `result` is JSON text; the follow-ups are enqueued in the same transaction.
  /// Where the quotas of a tenant leave no room for them, the attempt fails instead, with the code
  /// `quota_exceeded`, and is tried again.
  boolean complete(String result, List<NewJob> followUps);

  /// Ends the job well, without a result.
  boolean complete();

  /// Ends the attempt badly: the job is tried again, or fails.
  boolean fail(Failure failure);

  /// Asks for the job to be tried after `delay`, at most ten years; the attempt is given back.
  boolean defer(Duration delay, String reason);

  /// Gives the job back; the attempt is given back.
  boolean handBack();
}
