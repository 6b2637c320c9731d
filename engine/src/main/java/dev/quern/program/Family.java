package dev.quern.program;

import dev.quern.program.Processes.Badge;
import dev.quern.program.Processes.Seen;
import java.util.Optional;

/// The processes of the attempts of a job up to one.
///
/// @param cookie what their environments hold
/// @param fence the last attempt that counts
/// @param root the shell of one of these attempts, where it is known
record Family(String cookie, long fence, Optional<ProcessId> root) {

  /// Whether a process is a member by itself, not only as a child of one.
  boolean owns(Seen process) {
    return root.equals(Optional.of(process.id()))
        || process.badge().filter(this::bears).isPresent();
  }

  private boolean bears(Badge badge) {
    return badge.cookie().equals(cookie) && badge.fence() <= fence;
  }
}
