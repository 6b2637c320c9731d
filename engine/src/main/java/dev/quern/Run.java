package dev.quern;

import java.time.Duration;
import java.util.List;

/// A run that this process is at. Its input may be handed in by one thread while another reads what
/// has ended.
///
/// Before the kind of the run is handled, its input must be [#caughtUp]: else a line could be
/// worked on that the input no longer has.
public sealed interface Run extends AutoCloseable permits dev.quern.run.OpenRun {

  /// The longest line, in UTF-8 bytes: what Linux lets one argument of a program have.
  int LINE_LIMIT = 131_071;

  /// The most lines of a run.
  int LINES_LIMIT = Integer.MAX_VALUE - 1;

  /// What it is.
  RunSpec spec();

  /// Hands in the next lines of the input, without their line ends. Lines that were taken in before
  /// are compared; the others become jobs, durable when this returns.
  ///
  /// @throws RunRefusedException if a line differs from what was taken in, goes beyond the end that
  ///   was seen, or cannot be a job: longer than [#LINE_LIMIT], with NUL, or not JSON in a run of
  ///   JSON; the lines before it stay
  void take(List<String> lines);

  /// Says that the input has ended.
  ///
  /// @throws RunRefusedException if fewer lines were handed in than had been taken in before
  void end();

  /// Whether all that was taken in before has been compared, and the end, if it had been seen.
  boolean caughtUp();

  /// Waits until a line may have ended since the last call, or the time is up.
  void await(Duration patience) throws InterruptedException;

  /// The next lines to have ended since the run was opened, about in the order of ending; empty if
  /// there are none now.
  List<RunLine> nextEnded();

  /// The next lines in their order, from the first, as long as they have ended; empty if there are
  /// none now.
  List<RunLine> nextInOrder();

  /// How far it is.
  RunProgress progress();

  /// Whether no more lines will come, all jobs have ended, and the progress says how. The last of
  /// them may still have to be asked for by [#nextEnded] or [#nextInOrder].
  boolean finished();

  /// Makes sure that this engine is still at the run and that the store can be written.
  ///
  /// @throws RunRefusedException if another one is at it
  /// @throws StoreException if the store cannot be written, say because the disk is full
  void verify();

  /// Lets go of the run, so that others may go on with it. If that cannot be written, it is let go
  /// of when the engine closes.
  @Override
  void close();
}
