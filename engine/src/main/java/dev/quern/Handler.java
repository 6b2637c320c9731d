package dev.quern;

/// Does the work of one kind of job. It is called on a virtual thread, by several threads at once,
/// and at least once for each job: a crash between its effects and the commit of its end runs it
/// again.
///
/// Returning completes the job. Throwing [JobFailedException] or [JobDeferredException] says what
/// else to do; any other exception is a [FailureClass#TRANSIENT] failure, unless
/// [QuernConfig#classifier] says otherwise. An interrupt means: the job timed out, was cancelled,
/// lost its lease, or the engine is closing.
///
/// @param <P> the type of the payload
@FunctionalInterface
public interface Handler<P> {
  /// Handles one job.
  void handle(P payload, JobContext context) throws Exception;
}
