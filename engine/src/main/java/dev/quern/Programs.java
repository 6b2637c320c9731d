package dev.quern;

/// Programs as handlers: each job of a kind is one run of a shell command. Safe for use by several
/// threads.
///
/// What a program is given, and what its end means, is told at [Program]. Whatever happens, two
/// programs of one job never run at the same time: before a program may begin, its process is
/// recorded in the store, and whatever earlier attempts left alive is ended first, also after Quern
/// was killed.
///
/// A program must be chosen by whoever operates the process, never by whoever enqueues jobs.
public sealed interface Programs permits dev.quern.program.ProgramRoom {

  /// Handles the jobs of a kind by a program, and sets the policy of the kind so that a death of
  /// Quern is never charged to its jobs ([KindPolicy#chargesLosses]). What dead engines left
  /// running is ended.
  ///
  /// @throws IllegalStateException if the kind has a handler already
  /// @throws StoreException if the store cannot be read or written
  void handle(String kind, Program program);
}
