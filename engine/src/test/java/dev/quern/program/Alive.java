package dev.quern.program;

import java.util.Collection;
import java.util.List;

/// Who is alive. A zombie is not, though the JDK says so, and in a container it may stay for ever.
final class Alive {
  private static final Processes PROCESSES = Processes.ofThisMachine();

  private Alive() {}

  static boolean is(long pid) {
    return PROCESSES.find(pid).isPresent();
  }

  static boolean is(ProcessHandle process) {
    return is(process.pid());
  }

  static List<Long> of(Collection<Long> pids) {
    return pids.stream().filter(Alive::is).toList();
  }
}
