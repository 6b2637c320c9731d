package dev.quern.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.FailureClass;
import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What happens to a program that must stop.
@Timeout(120)
class ProgramStopTest {
  /// A tree of which one child has lost its parent and one its environment; their numbers go to
  /// `$1`.
  private static final String TREE =
      """
      sleep 1000 & a=$!
      sh -c 'sleep 1000 & echo $!' > "$1.b"
      env -i sleep 1000 & c=$!
      echo $$ $a $(cat "$1.b") $c > "$1"
      wait
      """;

  @TempDir Path directory;
  ProgramEngine engine;
  Fifo fifo;

  @BeforeEach
  void open() throws Exception {
    engine = new ProgramEngine(directory);
    fifo = Fifo.in(directory, "fifo");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static List<Long> numbers(String line) {
    return List.of(line.split(" ")).stream().map(Long::valueOf).toList();
  }

  private static void assertDead(List<Long> processes) {
    assertEquals(List.of(), Alive.of(processes));
  }

  @Test
  void a_cancelled_program_is_dead_with_all_its_children_when_its_job_ends() throws Exception {
    engine.handle("tree", Program.of(TREE));
    long id = engine.enqueue("tree", fifo.toString());
    List<Long> tree = numbers(fifo.line());

    engine.quern.jobs().cancel(id, "enough");

    assertEquals(JobState.CANCELLED, engine.await(id).state());
    assertEquals(4, tree.size());
    assertDead(tree);
  }

  @Test
  void a_cancelled_program_that_has_closed_its_output_is_dead_when_its_job_ends() throws Exception {
    engine.handle("quiet", Program.of("exec >&- 2>&-; echo $$ > \"$1\"; sleep 1000"));
    long id = engine.enqueue("quiet", fifo.toString());
    List<Long> quiet = numbers(fifo.line());

    engine.quern.jobs().cancel(id, "enough");

    assertEquals(JobState.CANCELLED, engine.await(id).state());
    assertDead(quiet);
  }

  @Test
  void a_program_that_has_closed_its_output_is_waited_for() {
    assertEquals(
        "exit_7",
        engine.run("exec >&- 2>&-; sleep 0.5; exit 7", "x").failure().orElseThrow().code());
  }

  @Test
  void a_program_that_takes_too_long_is_ended_with_all_its_children() throws Exception {
    engine.handle("tree", Program.of(TREE));
    engine.quern.kinds().policy("tree", policy -> policy.timeout(Duration.ofSeconds(2)));
    long id = engine.quern.enqueue(NewJob.of("tree", fifo.toString()).maxAttempts(1)).id();
    List<Long> tree = numbers(fifo.line());

    Job job = engine.await(id);

    assertEquals(FailureClass.TIMEOUT, job.failure().orElseThrow().failureClass());
    assertDead(tree);
  }

  @Test
  void a_program_may_clean_up_when_it_must_stop() throws Exception {
    engine.handle(
        "tidy",
        Program.of(
            "trap 'echo tidy > \"$1.end\"; exit' TERM; echo on > \"$1\"; sleep 1000 & wait"));
    long id = engine.enqueue("tidy", fifo.toString());
    fifo.line();

    engine.quern.jobs().cancel(id, "enough");

    engine.await(id);
    assertEquals("tidy\n", Files.readString(Path.of(fifo + ".end")));
  }

  @Test
  void a_program_that_will_not_stop_is_killed_with_children_that_will_not() throws Exception {
    engine.handle(
        "stubborn",
        Program.of(
            """
            trap '' TERM
            env -i sleep 1000 & a=$!
            (sleep 1000; sleep 1000) & b=$!
            trap - TERM
            echo $$ $a $b > "$1"
            wait
            """));
    long id = engine.enqueue("stubborn", fifo.toString());
    List<Long> stubborn = numbers(fifo.line());

    engine.quern.jobs().cancel(id, "enough");

    assertEquals(JobState.CANCELLED, engine.await(id).state());
    assertDead(stubborn);
  }

  @Test
  void a_program_of_a_closing_engine_is_ended_and_its_job_given_back() throws Exception {
    engine.handle("tree", Program.of(TREE));
    long id = engine.enqueue("tree", fifo.toString());
    List<Long> tree = numbers(fifo.line());

    engine.close();

    assertDead(tree);
    engine = new ProgramEngine(directory);
    Job job = engine.quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.READY, job.state());
    assertEquals(0, job.attempts());
  }

  @Test
  void an_interrupt_from_the_terminal_does_not_reach_a_program() throws Exception {
    engine.handle("deaf", Program.of("kill -INT $$; sh -c 'kill -QUIT $$; echo alive'"));

    assertEquals("alive\n", ProgramEngine.text(engine.await(engine.enqueue("deaf", "x"))));
  }

  @Test
  void a_death_of_quern_is_not_charged() {
    engine.handle("free", Program.of("true"));

    assertFalse(engine.quern.kinds().get("free").policy().chargesLosses());
  }

  @Test
  void a_broken_pipe_ends_the_writer_as_it_does_in_any_shell() {
    assertTrue(engine.print("yes | head -1", "x").equals("y\n"));
  }
}
