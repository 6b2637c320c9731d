package dev.quern.program;

import dev.quern.program.Processes.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// Ends families of processes, and waits until they are dead. Safe for use by several threads, which
/// must be platform threads; those that look at the same time share a look.
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
    long begun = System.nanoTime();
    List<ProcessId> living = living(families);
    living.forEach(id -> signal(id, false));
    long pause = FIRST_PAUSE_NANOS;
    while (!living.isEmpty() && System.nanoTime() - begun < PATIENCE.toNanos()) {
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
      living = living(families);
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

  /// The members that are alive, with their children; never this process, nor what it runs in.
  private List<ProcessId> living(Collection<Family> families) {
    List<Seen> seen = look();
    Set<Long> known = self(seen);
    List<Seen> members = new ArrayList<>();
    seen.stream()
        .filter(process -> families.stream().anyMatch(family -> family.owns(process)))
        .filter(process -> known.add(process.id().pid()))
        .forEach(members::add);
    addChildren(members, known, seen);
    return members.stream().map(Seen::id).toList();
  }

  private static void addChildren(List<Seen> members, Set<Long> known, List<Seen> seen) {
    Map<Long, List<Seen>> children = seen.stream().collect(Collectors.groupingBy(Seen::parent));
    for (int i = 0; i < members.size(); i++) {
      children.getOrDefault(members.get(i).id().pid(), List.of()).stream()
          .filter(child -> known.add(child.id().pid()))
          .forEach(members::add);
    }
  }

  private static Set<Long> self(List<Seen> seen) {
    Map<Long, Long> parents =
        seen.stream().collect(Collectors.toMap(process -> process.id().pid(), Seen::parent));
    Set<Long> self = new HashSet<>();
    Long pid = ProcessHandle.current().pid();
    while (pid != null && self.add(pid)) {
      pid = parents.get(pid);
    }
    return self;
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
