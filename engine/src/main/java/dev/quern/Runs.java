package dev.quern;

import java.util.List;
import java.util.Optional;

/// Runs: inputs of which each line is a job, taken in so that a run can be gone on with after any
/// crash. The room keeps the books; what is done with a line is a handler of [RunSpec#kind]. Safe
/// for use by several threads.
///
/// Retention leaves the jobs of a run alone where the policy of its kind says so
/// ([KindPolicy#keepsEnded]).
public sealed interface Runs permits dev.quern.run.RunRoom {

  /// Begins a run, or goes on with it: afterwards its input is handed in from the start, and what
  /// was taken in before is compared.
  ///
  /// @throws RunRefusedException if the run in the store has another command, directory or form, or
  ///   somebody is at it
  Run open(RunSpec spec);

  /// Goes on with what a run has taken in, without its input.
  ///
  /// @throws RunRefusedException if there is no such run, or somebody is at it
  Run reopen(String name);

  /// A run by its name.
  Optional<RunStatus> find(String name);

  /// All runs, by name.
  List<RunStatus> list();

  /// Lines of a run in order, whatever state they are in. Long results make pages shorter, yet
  /// there is at least one line, if any follows. Lines whose jobs were deleted are left out.
  ///
  /// @param after the line before the first; 0 for the first page
  /// @param limit the most lines, 1 to 1,000
  List<RunLine> lines(String name, long after, int limit);

  /// Deletes a run with its jobs, in small batches from its end. If it is killed on the way, what
  /// is left is a run of fewer lines.
  ///
  /// @return how many lines it had
  /// @throws RunRefusedException if there is no such run, or somebody is at it
  long forget(String name);
}
