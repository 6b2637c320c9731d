package dev.quern.cli;

import dev.quern.Attempt;
import dev.quern.CancelResult;
import dev.quern.Counts;
import dev.quern.Enqueued;
import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.KindStatus;
import dev.quern.LogLine;
import dev.quern.Page;
import dev.quern.Requeued;
import dev.quern.Why;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The queue that a command is about: a database of this machine, or what a server offers. Both do
/// the same and answer the same. What cannot be done throws what [Faults] tells in one line.
///
/// For one thread.
interface Queue extends AutoCloseable {

  /// Adds jobs, all or none.
  List<Enqueued> enqueueAll(List<Order> orders);

  /// How much of [#capacity] an order takes.
  long weight(Order order);

  /// What [#enqueueAll] should be given at once, at most; a single order may be more.
  long capacity();

  /// A job.
  Optional<Job> job(long id);

  /// Jobs, newest first.
  Page jobs(JobFilter filter);

  /// The ended attempts of a job, oldest first.
  List<Attempt> attempts(long id);

  /// The lines its handlers logged, oldest first.
  List<LogLine> log(long id);

  /// Why a job is not running; empty if there is none.
  Optional<Why> why(long id);

  /// Waits for a job to end; empty when the time is up.
  Optional<Job> await(long id, Duration patience);

  /// Ends a job, or asks a running one to end.
  CancelResult cancel(long id, String reason);

  /// Lets an ended job run again.
  Requeued requeue(long id);

  /// Lets failed jobs run again, of one kind or of all.
  Requeued requeueFailed(Optional<String> kind, boolean recoverableOnly);

  /// How many jobs there are.
  Counts counts();

  /// The kinds, by name.
  List<KindStatus> kinds();

  /// Stops a kind.
  void pause(String kind, String reason);

  /// Lets a kind go on.
  void resume(String kind);

  /// Its tokens and tenants.
  Grants grants();

  @Override
  void close();
}
