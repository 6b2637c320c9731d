package dev.quern;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How a store is: its versions and settings, what its own checks found, and who uses it.
///
/// @param file the database
/// @param identity a UUID made with the store
/// @param database the database and its version, such as `SQLite 3.54.1`
/// @param schemaVersion the version of Quern's tables
/// @param settings the settings that matter for durability, and the size in pages, by their names
/// @param latestAt the latest time in the store; its clock has been there
/// @param problems what is wrong with the file; empty if it is whole. At most 100
/// @param engines who has opened the store, oldest first; the dead are forgotten after a while
public record Health(
    Path file,
    String identity,
    String database,
    int schemaVersion,
    Map<String, String> settings,
    Instant latestAt,
    List<String> problems,
    List<Engine> engines) {

  /// An engine that opened the store.
  ///
  /// @param owner its number, which the jobs it runs carry
  /// @param pid its process, on its host
  /// @param host where it runs
  /// @param startedAt when it opened the store
  /// @param alive whether it still has it open
  /// @param kinds what it serves, the engine's own kinds excepted
  /// @param capabilities what it has
  /// @param slots how many handlers it runs at once
  public record Engine(
      long owner,
      long pid,
      String host,
      Instant startedAt,
      boolean alive,
      Set<String> kinds,
      Set<String> capabilities,
      int slots) {}
}
