package dev.quern.program;

import dev.quern.JobContext;
import dev.quern.Program;
import dev.quern.Programs;
import dev.quern.core.Core;
import dev.quern.program.ProgramTable.Row;
import java.util.Objects;

/// Programs as handlers, and what their attempts share.
public final class ProgramRoom implements Programs {
  private final Core core;
  private final Threads threads = new Threads();
  private final Processes processes = Processes.ofThisMachine();
  private final Reaper reaper = new Reaper(processes);
  private final Registry registry;
  private final Families families;
  private final Sweeper sweeper;

  /// The programs of an engine.
  public ProgramRoom(Core core) {
    this.core = core;
    registry = new Registry(core.store());
    families = new Families(core.store());
    sweeper = new Sweeper(core.store(), families, reaper, threads);
  }

  @Override
  public void handle(String kind, Program program) {
    Objects.requireNonNull(program, "program");
    core.policy(kind, policy -> policy.chargesLosses(false));
    core.handle(kind, context -> attempt(program, context));
    sweeper.sweepIfDue();
  }

  private void attempt(Program program, JobContext context) throws InterruptedException {
    sweeper.sweepIfDue();
    new Execution(this, program, context).run();
  }

  /// The row of an attempt.
  Row row(JobContext job, ProcessId shell) {
    return new Row(job.jobId(), job.fence(), core.owner(), shell, families.file());
  }

  Threads threads() {
    return threads;
  }

  Processes processes() {
    return processes;
  }

  Reaper reaper() {
    return reaper;
  }

  Registry registry() {
    return registry;
  }

  Families families() {
    return families;
  }
}
