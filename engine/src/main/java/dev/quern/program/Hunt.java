package dev.quern.program;

import dev.quern.program.Processes.Seen;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Knows the members of families from look to look: who was a member once stays one, also when its
/// parent is dead. Used by one thread.
final class Hunt {
  private final Collection<Family> families;
  private final Set<ProcessId> found = new HashSet<>();

  Hunt(Collection<Family> families) {
    this.families = families;
  }

  /// The members that are alive, with their children; never this process, nor what it runs in.
  List<ProcessId> living(List<Seen> seen) {
    Set<Long> known = self(seen);
    List<Seen> living = new ArrayList<>();
    seen.stream()
        .filter(this::isMember)
        .filter(process -> known.add(process.id().pid()))
        .forEach(living::add);
    addChildren(living, known, seen);
    living.forEach(process -> found.add(process.id()));
    return living.stream().map(Seen::id).toList();
  }

  private boolean isMember(Seen process) {
    return found.contains(process.id())
        || families.stream().anyMatch(family -> family.owns(process));
  }

  private static void addChildren(List<Seen> living, Set<Long> known, List<Seen> seen) {
    Map<Long, List<Seen>> children = seen.stream().collect(Collectors.groupingBy(Seen::parent));
    for (int i = 0; i < living.size(); i++) {
      children.getOrDefault(living.get(i).id().pid(), List.of()).stream()
          .filter(child -> known.add(child.id().pid()))
          .forEach(living::add);
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
}
