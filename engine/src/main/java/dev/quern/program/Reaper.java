package dev.quern.program;

import dev.quern.program.Processes.Seen;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Ends families of processes, and waits until they are dead. Safe for use by several threads,
/// which must be platform threads; those that look at the same time share a look.
final class Reaper {
  /// How long after TERM comes KILL.
  static final Duration COURTESY = Duration.ofSeconds(5);

  /// How long after TERM it gives up.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Processes processes;
  private long lookedAt = System.nanoTime();
  private List<Seen> look = List.of();

  Reaper(Processes processes) {
    this.processes = processes;
  }

  /// Asks all members to stop, in the end without asking.
  ///
  /// @return whether all are dead
  boolean end(Collection<Family> families) {
    Hunt hunt = new Hunt(families);
    long begun = System.nanoTime();
    List<ProcessId> living = hunt.living(look());
    living.forEach(id -> signal(id, false));
    long pause = FIRST_PAUSE_NANOS;
    while (!living.isEmpty() && System.nanoTime() - begun < PATIENCE.toNanos()) {
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
      living = hunt.living(look());
      if (System.nanoTime() - begun > COURTESY.toNanos()) {
        living.forEach(id -> signal(id, true));
      }
    }
    return living.isEmpty();
  }

  /// A handle sends signals to the process it was made for alone, so it is made before the process
  /// is known again.
  private void signal(ProcessId id, boolean kill) {
    ProcessHandle.of(id.pid())
        .filter(_ -> processes.find(id.pid()).filter(id::equals).isPresent())
        .ifPresent(kill ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
  }

  /// A look that began after it was asked for.
  private List<Seen> look() {
    return look(System.nanoTime());
  }

  private synchronized List<Seen> look(long asked) {
    if (lookedAt - asked <= 0) {
      lookedAt = System.nanoTime();
      look = processes.all();
    }
    return look;
  }
}
