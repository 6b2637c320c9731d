package dev.quern.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.Job;
import dev.quern.JobContext;
import dev.quern.JobState;
import dev.quern.Program;
import dev.quern.ProgramOutput;
import dev.quern.support.TestStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the end of a program, and what it printed, mean for its job.
@Timeout(120)
class ProgramEndTest {
  @TempDir Path directory;
  ProgramEngine engine;

  @BeforeEach
  void open() {
    engine = new ProgramEngine(directory);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private Failure failure(String command) {
    Job job = engine.run(command, "x");
    assertEquals(JobState.FAILED, job.state());
    return job.failure().orElseThrow();
  }

  // ---- exit codes

  @ParameterizedTest
  @CsvSource({
    "1, TRANSIENT", "2, TRANSIENT", "64, TRANSIENT", "65, UNRECOVERABLE", "75, TRANSIENT",
    "126, TRANSIENT", "127, TRANSIENT", "128, TRANSIENT", "200, TRANSIENT", "255, TRANSIENT"
  })
  void an_exit_code_has_a_class(int code, FailureClass failureClass) {
    Failure failure = failure("exit " + code);

    assertEquals(failureClass, failure.failureClass());
    assertEquals("exit_" + code, failure.code());
  }

  @Test
  void exit_code_0_is_done_with_what_was_printed() {
    assertEquals("out\n", engine.print("echo out", "x"));
  }

  @Test
  void a_program_that_cannot_be_entered_in_the_store_does_not_begin_and_is_charged_nothing()
      throws Exception {
    long job;
    try (Connection own = DriverManager.getConnection("jdbc:sqlite:" + engine.file);
        Statement statement = own.createStatement()) {
      statement.execute(
          "create trigger no before insert on quern_program begin select raise(abort, 'no'); end");
      engine.handle("late", Program.of("echo begun"));
      job = engine.enqueue("late", "x");
      TestStore.eventually(() -> state(job) == JobState.SCHEDULED);
      statement.execute("drop trigger no");
    }

    Job done = engine.await(job);

    assertEquals(JobState.DONE, done.state());
    assertEquals(1, done.attempts());
    assertTrue(done.fence() > 1);
  }

  private JobState state(long job) {
    return engine.quern.jobs().get(job).orElseThrow().state();
  }

  @Test
  void nothing_printed_is_an_empty_text() {
    assertEquals("\"\"", engine.run("true", "x").result().orElseThrow());
  }

  @Test
  void exit_code_65_is_not_tried_again() {
    engine.handle("bad", Program.of("exit 65"));

    assertEquals(1, engine.await(engine.enqueue("bad", "x")).attempts());
  }

  @Test
  void exit_code_75_is_tried_again() {
    engine.handle("later", Program.of("test $QUERN_ATTEMPT = 2 || exit 75"));

    Job job = engine.await(engine.enqueue("later", "x"));

    assertEquals(JobState.DONE, job.state());
    assertEquals(2, job.attempts());
  }

  @ParameterizedTest
  @CsvSource({"9, SIGKILL", "11, SIGSEGV", "15, SIGTERM", "6, SIGABRT"})
  void a_signal_is_told_by_number_and_name(int number, String name) {
    Failure ofShell = failure("kill -" + number + " $$");

    assertEquals("signal_" + number, ofShell.code());
    assertTrue(ofShell.message().contains(name), ofShell.message());
  }

  @Test
  void the_signal_of_a_child_is_told_as_that_of_its_shell() {
    assertEquals("signal_9", failure("sh -c 'kill -9 $$'").code());
  }

  @Test
  void the_message_has_the_last_words_of_standard_error() {
    String message =
        failure("echo one >&2; echo two >&2; printf 'cannot é\\n\\n' >&2; exit 3").message();

    assertEquals("exit code 3: one | two | cannot é", message);
  }

  @Test
  void a_program_without_last_words_says_so() {
    assertEquals("exit code 3; standard error is empty", failure("exit 3").message());
  }

  @Test
  void a_program_that_was_not_found_says_so() {
    Failure failure = failure("no-such-program \"$1\"");

    assertEquals("exit_127", failure.code());
    assertTrue(failure.message().startsWith("exit code 127, the program was not found: "));
    assertTrue(failure.message().contains("no-such-program"), failure.message());
  }

  @Test
  void a_program_that_cannot_be_executed_says_so() {
    Failure failure = failure("/etc/passwd");

    assertEquals("exit_126", failure.code());
    assertTrue(failure.message().startsWith("exit code 126, the program cannot be executed: "));
  }

  @Test
  void a_directory_that_does_not_exist_is_named() {
    Job job = engine.run(Program.of("true").directory(directory.resolve("nowhere")), "x");

    Failure failure = job.failure().orElseThrow();
    assertEquals("not_started", failure.code());
    assertTrue(failure.message().contains("nowhere does not exist"), failure.message());
  }

  @Test
  void a_command_that_is_no_shell_says_so_and_does_not_hang() {
    assertTrue(failure("if; then").message().toLowerCase().contains("syntax error"));
  }

  // ---- standard output

  @Test
  void output_that_is_not_utf_8_is_kept_exactly() {
    ProgramOutput output = ProgramEngine.output(engine.run("printf 'a\\377\\376b\\n'", "x"));

    assertArrayEquals(new byte[] {'a', -1, -2, 'b', '\n'}, output.bytes());
    assertEquals(5, output.totalBytes());
    assertFalse(output.cut());
  }

  @Test
  void output_with_nul_is_kept_exactly() {
    ProgramOutput output = ProgramEngine.output(engine.run("printf 'a\\000b'", "x"));

    assertArrayEquals(new byte[] {'a', 0, 'b'}, output.bytes());
  }

  @Test
  void text_is_kept_as_a_string() {
    assertEquals("\"é\\u001b\\n\"", engine.run("printf 'é\\033\\n'", "x").result().orElseThrow());
  }

  @Test
  void output_as_long_as_its_limit_is_whole() {
    ProgramOutput output =
        ProgramEngine.output(engine.run("head -c 16777216 /dev/zero | tr '\\0' a", "x"));

    assertEquals(ProgramOutput.LIMIT, output.bytes().length);
    assertFalse(output.cut());
  }

  @Test
  void output_longer_than_its_limit_is_cut() {
    ProgramOutput output =
        ProgramEngine.output(engine.run("head -c 16777217 /dev/zero | tr '\\0' a", "x"));

    assertEquals(ProgramOutput.LIMIT, output.bytes().length);
    assertEquals(ProgramOutput.LIMIT + 1, output.totalBytes());
    assertTrue(output.cut());
  }

  @Test
  void text_full_of_control_characters_is_kept_exactly() {
    ProgramOutput output =
        ProgramEngine.output(engine.run("head -c 16000000 /dev/zero | tr '\\0' '\\1'", "x"));

    assertEquals(16_000_000, output.bytes().length);
    assertEquals(1, output.bytes()[15_999_999]);
    assertFalse(output.cut());
  }

  @Test
  void a_gigabyte_is_read_to_its_end_and_counted() {
    ProgramOutput output =
        ProgramEngine.output(engine.run("head -c 1073741824 /dev/zero; echo end >&2", "x"));

    assertEquals(1L << 30, output.totalBytes());
    assertTrue(output.cut());
  }

  // ---- standard error

  @Test
  void standard_error_is_the_log_line_by_line() {
    Job job = engine.run("printf 'one\\n\\ntwo é\\r\\nthree' >&2", "x");

    assertEquals(List.of("one", "", "two é", "three"), engine.log(job.id()));
  }

  @Test
  void a_log_line_that_is_not_utf_8_is_readable_all_the_same() {
    Job job = engine.run("printf 'a\\377\\000b\\n' >&2", "x");

    assertEquals(List.of("a\uFFFD\uFFFDb"), engine.log(job.id()));
  }

  @Test
  void a_log_line_without_an_end_is_cut() {
    Job job = engine.run("head -c 100000000 /dev/zero | tr '\\0' e >&2", "x");

    assertEquals(1, engine.log(job.id()).size());
    assertEquals(JobContext.LOG_LINE_LIMIT, engine.log(job.id()).getFirst().length());
  }

  @Test
  void too_many_log_lines_do_not_stop_a_program() {
    Job job = engine.run("seq 100000 >&2; echo done", "x");

    assertEquals("done\n", ProgramEngine.text(job));
    assertEquals("999", engine.log(job.id()).get(998));
    assertTrue(engine.log(job.id()).size() <= JobContext.LOG_LINES_LIMIT + 1);
  }

  // ---- what is left behind

  @Test
  void what_children_in_the_background_print_soon_still_counts() {
    assertEquals("early\nlate\n", engine.print("(sleep 0.3; echo late) & echo early", "x"));
  }

  @Test
  void children_that_hold_the_output_open_are_ended() throws Exception {
    Job job = engine.run("sleep 1000 & echo $!", "x");

    long child = Long.parseLong(ProgramEngine.text(job).strip());
    assertFalse(Alive.is(child));
    assertTrue(engine.log(job.id()).getFirst().contains("holds its output open"));
  }

  @Test
  void children_that_print_for_ever_are_ended() {
    ProgramOutput output = ProgramEngine.output(engine.run("yes & exit 0", "x"));

    assertTrue(output.cut());
  }

  @Test
  void children_that_hold_nothing_are_left_alone() {
    Job job = engine.run("sleep 1000 >/dev/null 2>&1 & echo $!", "x");

    long child = Long.parseLong(ProgramEngine.text(job).strip());
    assertTrue(ProcessHandle.of(child).orElseThrow().destroy());
  }
}
