package dev.quern.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ClaimRequest;
import dev.quern.JobState;
import dev.quern.Lease;
import dev.quern.NewJob;
import dev.quern.Program;
import dev.quern.QuernConfig;
import dev.quern.core.Core;
import dev.quern.program.ProgramTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is found and ended of earlier attempts and of dead engines. Here the death of an engine is
/// made by hand: rows and processes that it would have left.
@Timeout(120)
class ProgramRecoveryTest {
  /// The number of an engine that never lived.
  private static final long DEAD = 4_711;

  private final Processes processes = Processes.ofThisMachine();
  private final Reaper reaper = new Reaper(processes);
  private final List<ProcessHandle> left = new ArrayList<>();

  @TempDir Path directory;
  Core core;
  Families families;

  @BeforeEach
  void open() {
    core = Core.open(directory.resolve("jobs.db"), QuernConfig.DEFAULT, true);
    families = new Families(core.store());
  }

  @AfterEach
  void close() {
    left.forEach(ProcessHandle::destroyForcibly);
    core.close(Duration.ZERO);
  }

  /// A process with the environment of a program.
  private ProcessHandle process(Map<String, String> environment, String... command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    ProcessHandle process = builder.start().toHandle();
    left.add(process);
    return process;
  }

  private ProcessHandle marked(long jobId, long fence) throws IOException {
    String cookie = families.of(jobId, fence).cookie();
    return process(
        Map.of("QUERN_COOKIE", cookie, "QUERN_FENCE", Long.toString(fence)), "sleep", "1000");
  }

  private ProcessHandle unmarked() throws IOException {
    return process(Map.of(), "sleep", "1000");
  }

  private Row row(long jobId, long fence, ProcessHandle process) {
    ProcessId id = processes.find(process.pid()).orElseThrow();
    return new Row(jobId, fence, DEAD, id, families.file());
  }

  private static void awaitDeath(ProcessHandle process) throws Exception {
    process.onExit().get(30, TimeUnit.SECONDS);
  }

  private long claimed() {
    core.enqueue(List.of(NewJob.json("kind", "1")));
    return claim().jobId();
  }

  private Lease claim() {
    return core.claim(ClaimRequest.of("kind")).getFirst();
  }

  private void write(Row row) {
    core.store().writer().write(tx -> ProgramTable.admit(tx, row));
  }

  private List<Row> rows(long owner) {
    return core.store().readers().read(tx -> ProgramTable.ofOwner(tx, owner, 10));
  }

  // ---- what may begin

  @Test
  void a_program_may_begin_while_its_job_runs_under_its_fence() throws Exception {
    long id = claimed();

    assertTrue(new Registry(core.store()).admit(row(id, 1, unmarked())));

    assertEquals(1, rows(DEAD).size());
  }

  @Test
  void a_program_whose_lease_was_lost_may_not_begin() throws Exception {
    core.enqueue(List.of(NewJob.json("kind", "1")));
    Lease lost = claim();
    lost.handBack();
    Lease current = claim();
    Registry registry = new Registry(core.store());

    assertFalse(registry.admit(row(lost.jobId(), lost.fence(), unmarked())));
    assertTrue(registry.admit(row(current.jobId(), current.fence(), unmarked())));
    current.complete();
    assertFalse(registry.admit(row(current.jobId(), current.fence(), unmarked())));
  }

  @Test
  void rows_of_ended_programs_are_deleted_with_the_next_one() throws Exception {
    Registry registry = new Registry(core.store());
    Row first = row(claimed(), 1, unmarked());
    registry.admit(first);
    registry.ended(first);
    assertEquals(List.of(first), rows(DEAD));

    Row second = row(claimed(), 1, unmarked());
    registry.admit(second);

    assertEquals(List.of(second), rows(DEAD));
  }

  @Test
  void a_late_end_of_an_earlier_attempt_leaves_the_row_of_a_later_one() throws Exception {
    Registry registry = new Registry(core.store());
    long id = claimed();
    Row first = row(id, 1, unmarked());
    registry.admit(first);
    core.store().writer().write(tx -> tx.update("update quern_job set fence = 2"));
    Row second = row(id, 2, unmarked());
    registry.admit(second);

    registry.ended(first);
    registry.admit(row(claimed(), 1, unmarked()));

    assertTrue(rows(DEAD).contains(second));
  }

  @Test
  void the_row_of_a_program_is_there_before_it_begins() throws Exception {
    core.close(Duration.ZERO);
    Fifo fifo = Fifo.in(directory, "fifo");
    try (ProgramEngine engine = new ProgramEngine(directory)) {
      engine.handle("tell", Program.of("echo $$ > \"$1\"; cat \"$1\""));
      long id = engine.enqueue("tell", fifo.toString());

      long pid = Long.parseLong(fifo.line());

      core = Core.open(directory.resolve("jobs.db"), QuernConfig.DEFAULT, true);
      Row row = core.store().readers().read(tx -> ProgramTable.find(tx, id)).orElseThrow();
      assertEquals(processes.find(pid).orElseThrow(), row.process());
      Files.writeString(fifo.path(), "go on");
      assertEquals("go on", ProgramEngine.text(engine.await(id)));
    }
  }

  @Test
  void a_shell_whose_gate_is_never_opened_runs_nothing() throws Exception {
    Path witness = directory.resolve("witness");
    Shell shell = Shell.start(Program.of("touch '" + witness + "'"), Map.of(), processes);

    shell.dismiss();

    assertEquals(75, shell.exit());
    assertFalse(witness.toFile().exists());
  }

  // ---- earlier attempts

  @Test
  void what_an_earlier_attempt_left_alive_is_dead_before_the_next_begins() throws Exception {
    core.close(Duration.ZERO);
    Path pids = directory.resolve("pids");
    try (ProgramEngine engine = new ProgramEngine(directory)) {
      engine.handle(
          "again",
          Program.of(
              """
              test $QUERN_ATTEMPT = 1 || { ! readlink /proc/$(cat "$1")/exe; exit; }
              setsid sleep 1000 >/dev/null 2>&1 &
              echo $! > "$1"
              exit 1
              """));

      assertEquals(JobState.DONE, engine.await(engine.enqueue("again", pids.toString())).state());
    }
    core = Core.open(directory.resolve("jobs.db"), QuernConfig.DEFAULT, true);
  }

  @Test
  void the_shell_of_an_earlier_attempt_is_ended_with_its_children() throws Exception {
    ProcessHandle shell = process(Map.of(), "sh", "-c", "sleep 1000 & sleep 1001; :");
    ProcessHandle child = awaitChild(shell);

    assertTrue(reaper.end(List.of(families.of(row(7, 1, shell), 1))));

    assertFalse(Alive.is(shell));
    assertFalse(Alive.is(child));
  }

  private ProcessHandle awaitChild(ProcessHandle shell) {
    while (shell.children().count() < 2) {
      Thread.onSpinWait();
    }
    shell.children().forEach(left::add);
    return shell.children().findFirst().orElseThrow();
  }

  @Test
  void a_process_that_has_only_the_number_of_an_earlier_one_is_spared() throws Exception {
    ProcessHandle later = unmarked();
    ProcessId earlier = new ProcessId(later.pid(), "long ago");

    assertTrue(reaper.end(List.of(families.of(new Row(7, 1, DEAD, earlier, families.file()), 1))));

    assertTrue(Alive.is(later));
  }

  @Test
  void processes_of_later_attempts_and_of_other_jobs_are_spared() throws Exception {
    ProcessHandle earlier = marked(7, 1);
    ProcessHandle later = marked(7, 2);
    ProcessHandle other = marked(71, 1);

    assertTrue(reaper.end(List.of(families.of(7, 1))));

    assertFalse(Alive.is(earlier));
    assertTrue(Alive.is(later));
    assertTrue(Alive.is(other));
  }

  @Test
  void a_process_never_ends_itself() {
    ProcessId self = processes.find(ProcessHandle.current().pid()).orElseThrow();

    assertTrue(reaper.end(List.of(families.of(new Row(7, 1, DEAD, self, families.file()), 1))));
  }

  @Test
  void the_jdk_knows_processes_and_their_children_too() throws Exception {
    OtherProcesses others = new OtherProcesses();
    ProcessHandle shell = process(Map.of(), "sh", "-c", "sleep 1000 & sleep 1001; :");
    ProcessHandle child = awaitChild(shell);
    ProcessId id = others.find(shell.pid()).orElseThrow();

    assertTrue(
        new Reaper(others).end(List.of(families.of(new Row(7, 1, DEAD, id, families.file()), 1))));

    assertFalse(Alive.is(shell));
    assertFalse(Alive.is(child));
  }

  // ---- dead engines

  private Sweeper sweeper() {
    return new Sweeper(core.store(), families, reaper, new Threads());
  }

  @Test
  void programs_of_dead_engines_are_ended_also_when_nobody_will_attempt_their_jobs()
      throws Exception {
    long id = claimed();
    ProcessHandle shell = unmarked();
    ProcessHandle orphan = marked(id, 1);
    write(row(id, 1, shell));
    core.store().writer().write(tx -> tx.update("delete from quern_job"));

    sweeper().sweep();

    awaitDeath(shell);
    awaitDeath(orphan);
    assertEquals(List.of(), rows(DEAD));
  }

  @Test
  void programs_of_living_engines_are_left_alone() throws Exception {
    long id = claimed();
    ProcessHandle shell = unmarked();
    Row row = row(id, 1, shell);
    write(new Row(id, 1, core.owner(), row.process(), row.file()));

    sweeper().sweep();

    assertTrue(Alive.is(shell));
    assertEquals(1, rows(core.owner()).size());
  }

  @Test
  void a_copy_of_the_database_does_not_touch_the_programs_of_the_original() throws Exception {
    long id = claimed();
    ProcessHandle shell = marked(id, 1);
    write(row(id, 1, shell));
    Path copy = directory.resolve("copy.db");
    backup(copy);
    core.close(Duration.ZERO);
    core = Core.open(copy, QuernConfig.DEFAULT, true);
    families = new Families(core.store());
    assertEquals(1, rows(DEAD).size());

    sweeper().sweep();

    assertEquals(List.of(), rows(DEAD));
    assertTrue(Alive.is(shell));
  }

  private void backup(Path copy) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("jobs.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("vacuum into '" + copy + "'");
    }
  }

  @Test
  void engines_that_handle_programs_look_for_what_dead_ones_left() throws Exception {
    long id = claimed();
    ProcessHandle orphan = marked(id, 1);
    write(row(id, 1, orphan));
    core.close(Duration.ZERO);

    try (ProgramEngine engine = new ProgramEngine(directory)) {
      engine.handle("other", Program.of("true"));

      awaitDeath(orphan);
    }
    core = Core.open(directory.resolve("jobs.db"), QuernConfig.DEFAULT, true);
  }
}
