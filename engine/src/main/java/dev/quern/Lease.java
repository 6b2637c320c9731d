package dev.quern;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

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

  /// Ends the job well. `result` is JSON text; the follow-ups are enqueued in the same transaction.
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
