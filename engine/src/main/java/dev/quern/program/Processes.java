package dev.quern.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The processes of this machine. Safe for use by several threads, which must be platform threads.
sealed interface Processes permits LinuxProcesses, OtherProcesses {

  /// A process that was alive when it was looked at.
  ///
  /// @param parent the number of its parent
  /// @param badge what it inherited from the program it belongs to, as far as that can be seen
  record Seen(ProcessId id, long parent, Optional<Badge> badge) {}

  /// The mark in the environment of a program and its children.
  ///
  /// @param cookie the same for all attempts of a job
  /// @param fence the attempt
  record Badge(String cookie, long fence) {
    /// The variable with the cookie.
    static final String COOKIE = "QUERN_COOKIE";

    /// The variable with the fence.
    static final String FENCE = "QUERN_FENCE";
  }

  /// The processes as this system shows them.
  static Processes ofThisMachine() {
    return Files.exists(Path.of("/proc/self/environ"))
        ? new LinuxProcesses()
        : new OtherProcesses();
  }

  /// The living process with this number.
  Optional<ProcessId> find(long pid);

  /// All that are alive. What was alive all the while is in it.
  List<Seen> all();
}
