package dev.quern;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// One that works on jobs: a worker elsewhere that told of itself, or the handlers of an engine
/// that has the store open.
///
/// @param id what it is called: its own name, or `@` and the number of the engine
/// @param tenant whose jobs it takes; empty if all
/// @param inProcess whether it is the handlers of an engine
/// @param kinds what it serves
/// @param capabilities what it has
/// @param about what it said of itself
/// @param startedAt since when it is known
/// @param seenAt when it was last heard of, give or take ten seconds; empty for an engine, whose
///   lock says that it is there
/// @param lost whether it has been silent for too long, or its process is gone. Its jobs are taken
///   back when their leases run out
/// @param directive what it is told to do
public record Worker(
    String id,
    Optional<String> tenant,
    boolean inProcess,
    Set<String> kinds,
    Set<String> capabilities,
    About about,
    Instant startedAt,
    Optional<Instant> seenAt,
    boolean lost,
    Directive directive) {

  /// The longest name, and the longest version and host, in characters.
  public static final int NAME_LIMIT = 255;

  /// What a worker says of itself.
  ///
  /// @param host where it runs
  /// @param pid its process there
  /// @param version of its software
  /// @param slots how many jobs it works on at once
  public record About(
      Optional<String> host,
      Optional<Long> pid,
      Optional<String> version,
      Optional<Integer> slots) {

    /// Nothing.
    public static final About NOTHING =
        new About(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
