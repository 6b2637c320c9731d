package dev.quern.model;

import dev.quern.Attempt;
import dev.quern.CancelResult;
import dev.quern.ClaimRequest;
import dev.quern.Counts;
import dev.quern.Enqueued;
import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.KindPolicy;
import dev.quern.KindStatus;
import dev.quern.LogLine;
import dev.quern.Requeued;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What can be asked of an engine and of its model alike.
///
/// Jobs are numbered from 1 in the order in which they were added, and all answers speak of
/// numbers; leases are numbered from 1 in the order in which they were claimed by hand. There is no
/// job 0.
interface Side {
  /// How many jobs were ever added.
  int jobs();

  /// Sets the clock of the wall; nothing that is due runs yet.
  void clock(long millis);

  /// Adds jobs, all or none.
  List<Enqueued> enqueue(List<Draft> drafts);

  /// Adds jobs in a transaction of the caller's, which commits or rolls back.
  List<Enqueued> enqueueInside(List<Draft> drafts, boolean commits);

  /// Claims by hand.
  List<Claim> claim(ClaimRequest request);

  /// Ends an attempt; answers whether the lease held.
  boolean end(int lease, Ending ending);

  boolean renew(int lease, Duration by);

  boolean cancelRequested(int lease);

  CancelResult cancel(int job, String reason);

  Requeued requeue(int job);

  Requeued requeueFailed(Optional<String> kind, boolean recoverableOnly);

  boolean delete(int job);

  KindPolicy policy(String kind, KindPolicy policy);

  void pause(String kind, String reason);

  void resume(String kind);

  long purgeRetired();

  /// Runs what is due; answers how many handlers ran.
  int tick();

  /// Closes the engine and opens another one on the same store.
  void reopen();

  /// Asks another engine on the same store, which is opened for it and closed again.
  Object elsewhere(Command command);

  Optional<Job> get(int job);

  List<Attempt> attempts(int job);

  List<LogLine> log(int job);

  /// The codes of the reasons.
  List<String> why(int job);

  Counts counts();

  List<KindStatus> kinds();

  /// The jobs on all pages, in the order of the list.
  List<Job> list(JobFilter filter);

  /// A lease as it was given.
  record Claim(long job, String kind, String payload, int attempt, long fence, Instant until) {}
}
