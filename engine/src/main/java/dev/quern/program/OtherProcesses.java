package dev.quern.program;

import java.util.List;
import java.util.Optional;

/// Processes as the JDK shows them: without their environments.
final class OtherProcesses implements Processes {

  @Override
  public Optional<ProcessId> find(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(OtherProcesses::id);
  }

  @Override
  public List<Seen> all() {
    return ProcessHandle.allProcesses().map(OtherProcesses::seen).toList();
  }

  private static Seen seen(ProcessHandle process) {
    return new Seen(
        id(process), process.parent().map(ProcessHandle::pid).orElse(0L), Optional.empty());
  }

  private static ProcessId id(ProcessHandle process) {
    String start = process.info().startInstant().map(at -> "" + at.toEpochMilli()).orElse("");
    return new ProcessId(process.pid(), start);
  }
}
