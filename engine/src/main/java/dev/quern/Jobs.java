package dev.quern;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The jobs in the store: to look at, to stop, to run again. Safe for use by several threads; calls
/// block until the answer is there, and changes until they are durable.
public sealed interface Jobs permits dev.quern.core.JobDesk {

  /// A job by its id.
  Optional<Job> get(long id);

  /// Jobs, newest first.
  Page list(JobFilter filter);

  /// The ended attempts of a job, oldest first.
  List<Attempt> attempts(long id);

  /// The lines its handlers logged, oldest first.
  List<LogLine> log(long id);

  /// How many jobs there are of each kind in each state. The cost grows with the live jobs, not
  /// with the ended ones.
  Counts counts();

  /// Counts jobs over time, from those that are kept: what retention or [#delete] has taken is in
  /// no series.
  ///
  /// @throws IllegalArgumentException if there are more than [SeriesQuery#JOBS_LIMIT] in the range
  Series series(SeriesQuery query);

  /// Waits for a job to end, in whatever process.
  ///
  /// @return the ended job; empty when the time is up, or if there is no such job
  Optional<Job> await(long id, Duration timeout);

  /// Why a job is not running.
  Optional<Why> why(long id);

  /// Ends a job, or asks a running one to end: its handler is interrupted, within one poll in this
  /// process and in others.
  CancelResult cancel(long id, String reason);

  /// Gives a job that is not running another priority, another time, or both, if it is still as it
  /// was when `seen` was read.
  ///
  /// @param availableAt when it may run at the earliest; a past instant means now
  /// @return whether it was; false too if it runs or has ended
  boolean change(Job seen, OptionalInt priority, Optional<Instant> availableAt);

  /// Lets an ended job run again with fresh attempts; its history is kept.
  Requeued requeue(long id);

  /// Lets failed jobs run again, in small batches: of one kind or of all, all of them or those
  /// whose last failure was not [FailureClass#UNRECOVERABLE]; then the answer says how many were
  /// left out.
  ///
  /// @param kind the kind, or empty for all
  Requeued requeueFailed(Optional<String> kind, boolean recoverableOnly);

  /// Deletes an ended job with its attempts, tags and log.
  ///
  /// @return whether there was one
  boolean delete(long id);
}
