package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.KindPolicy;
import dev.quern.Quern;
import dev.quern.Run;
import dev.quern.RunLine;
import dev.quern.RunSpec;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `quern run` and what belongs to it, with real programs.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RunCommandTest {
  @TempDir Path directory;
  private Path database;

  @BeforeEach
  void name() {
    database = directory.resolve("q.db");
  }

  /// What a command line did.
  private record Done(int exit, byte[] bytes, String err) {
    String out() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    List<String> lines() {
      return out().lines().sorted().toList();
    }
  }

  private Done quern(String input, String... words) {
    return quern(input.getBytes(StandardCharsets.UTF_8), words);
  }

  private Done quern(byte[] input, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit = Main.run(typed(words), new ByteArrayInputStream(input), out, err);
    return new Done(exit, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }

  private String[] typed(String... words) {
    return Stream.concat(Arrays.stream(words), Stream.of("--db", database.toString()))
        .toArray(String[]::new);
  }

  private Done run(String input, String program, String... more) {
    List<String> words = new java.util.ArrayList<>(List.of("run", "sums", "--exec", program));
    words.addAll(List.of(more));
    return quern(input, words.toArray(String[]::new));
  }

  private static void assertRefused(Done done, String message) {
    assertEquals("quern: " + message + "\n", done.err());
    assertEquals(2, done.exit());
    assertEquals("", done.out());
  }

  private static final String WAY_OUT =
      "; start it as before, or use another name, or let go of it with 'quern forget sums'";

  // ---- what comes out

  @Test
  void the_program_runs_for_each_line() {
    Done done = run("a b\n\né\r\nlast", "printf '<%s>\\n' \"$1\"");

    assertEquals(
        List.of("<>", "<a b>", "<last>", "<é\r>").stream().sorted().toList(),
        Arrays.stream(done.out().split("\n")).sorted().toList());
    assertEquals(0, done.exit());
    assertTrue(done.err().startsWith("quern: run sums: done 4, failed 0, retried 0, "), done.err());
  }

  @Test
  void the_line_is_on_standard_input_too() {
    assertEquals("a", run("a\n", "cat").out());
  }

  @Test
  void output_comes_byte_for_byte_and_is_not_mixed() {
    byte[] expected = new byte[2_000_000];
    Arrays.fill(expected, 0, 1_000_000, (byte) 0xff);
    Arrays.fill(expected, 1_000_000, 2_000_000, (byte) 0x00);

    Done done =
        run(
            "1\n2\n",
            "head -c 1000000 /dev/zero | tr '\\000' \"$([ $1 = 1 ] && printf '\\\\377' || printf"
                + " '\\\\000')\"",
            "--keep-order");

    assertArrayEquals(expected, done.bytes());
  }

  @Test
  void with_keep_order_output_comes_in_the_order_of_the_lines() throws Exception {
    fifo("gate");

    Done done =
        run(
            "1\n2\n3\n",
            "case $1 in 1) read x < %1$s/gate;; 3) echo > %1$s/gate;; esac; echo $1"
                .formatted(directory),
            "--jobs",
            "3",
            "--keep-order");

    assertEquals("1\n2\n3\n", done.out());
  }

  @Test
  void with_json_there_is_a_line_of_json_for_each_job() {
    Done done = run("\"a\"\n{\"b\":1}\n7\n", "grep -v 7", "--json", "--attempts", "1");

    assertEquals(1, done.exit());
    List<String> lines = done.lines();
    assertEquals(3, lines.size());
    assertTrue(lines.get(0).startsWith("{\"line\":1,\"id\":\""), lines.get(0));
    assertTrue(
        lines
            .get(0)
            .endsWith(
                "\"state\":\"done\",\"attempts\":1,\"result\":\"\\\"a\\\"\\n\",\"failure\":null}"),
        lines.get(0));
    assertTrue(lines.get(1).contains("\"result\":\"{\\\"b\\\":1}\\n\""), lines.get(1));
    assertTrue(
        lines
            .get(2)
            .contains(
                "\"state\":\"failed\",\"attempts\":1,\"result\":null,\"failure\":{\"class\":"),
        lines.get(2));
  }

  @Test
  void failures_go_to_standard_error_and_the_exit_code_is_1() {
    Done done = run("a\nb\n", "[ $1 = a ] || { echo why >&2; exit 65; }; echo $1");

    assertEquals("a\n", done.out());
    assertTrue(done.err().startsWith("quern: line 2 failed: exit_65: "), done.err());
    assertTrue(done.err().contains("done 1, failed 1"), done.err());
    assertEquals(1, done.exit());
  }

  @Test
  void what_fails_is_tried_again() {
    Done done =
        run(
            "a\n",
            "[ -e %1$s/tried ] || { touch %1$s/tried; exit 1; }; echo $QUERN_ATTEMPT"
                .formatted(directory),
            "--backoff",
            "1ms");

    assertEquals("2\n", done.out());
    assertEquals(0, done.exit());
    assertTrue(done.err().contains("done 1, failed 0, retried 1"), done.err());
  }

  @Test
  void a_run_with_a_cancelled_line_has_not_gone_well() {
    List<Long> jobs = takeIn("a", "b", "c");
    quern("", "cancel", jobs.get(1).toString());

    Done done = quern("", "run", "sums", "--resume");

    assertEquals(List.of("a", "c"), done.lines());
    assertTrue(done.err().contains("done 2, failed 0, cancelled 1, before 1"), done.err());
    assertEquals(1, done.exit());
  }

  @Test
  void a_run_with_a_line_whose_job_was_deleted_has_not_gone_well() {
    List<Long> jobs = takeIn("a", "b", "c");
    try (Quern quern = Quern.open(database)) {
      quern.jobs().cancel(jobs.get(1), "no longer wanted");
      assertTrue(quern.jobs().delete(jobs.get(1)));
    }

    Done done = quern("", "run", "sums", "--resume");

    assertEquals(List.of("a", "c"), done.lines());
    assertTrue(done.err().contains("done 2, failed 0, not ended 1"), done.err());
    assertEquals(1, done.exit());
  }

  /// Takes lines in for `quern run sums --resume`, which prints them.
  ///
  /// @return the ids of their jobs
  private List<Long> takeIn(String... lines) {
    try (Quern quern = Quern.open(database);
        Run run =
            quern
                .runs()
                .open(new RunSpec("sums", "echo \"$1\"", System.getProperty("user.dir"), false))) {
      run.take(List.of(lines));
      return quern.runs().lines("sums", 0, lines.length).stream().map(RunLine::jobId).toList();
    }
  }

  @Test
  void an_empty_input_is_a_run_without_lines() {
    assertEquals(0, run("", "false").exit());
  }

  // ---- streaming

  @Test
  void a_line_runs_while_the_next_one_is_still_being_typed() throws Exception {
    PipedOutputStream typing = new PipedOutputStream();
    PipedInputStream reading = new PipedInputStream(1 << 16);
    PipedOutputStream printing = new PipedOutputStream(reading);
    InputStream in = new PipedInputStream(typing);
    CompletableFuture<Integer> exit =
        CompletableFuture.supplyAsync(() ->
            Main.run(
                typed("run", "sums", "--exec", "echo \"$1\""),
                in,
                printing,
                OutputStream.nullOutputStream()));
    BufferedReader out = new BufferedReader(new InputStreamReader(reading));

    typing.write("first\nsec".getBytes(StandardCharsets.UTF_8));
    typing.flush();
    assertEquals("first", out.readLine());
    typing.write("ond\n".getBytes(StandardCharsets.UTF_8));
    typing.flush();
    assertEquals("second", out.readLine());
    typing.close();

    assertEquals(0, exit.get());
  }

  // ---- going on

  @Test
  void a_finished_run_runs_nothing_again() {
    run("a\nb\n", "echo \"$1\"");

    Done again = run("a\nb\n", "echo \"$1\"", "--attempts", "1", "--jobs", "1");

    assertEquals("", again.out());
    assertEquals(0, again.exit());
    assertTrue(again.err().contains("done 2, failed 0, before 2"), again.err());
  }

  @Test
  void with_keep_order_a_finished_run_is_printed_from_line_1() {
    run("a\nb\n", "echo \"$1\"");

    assertEquals("a\nb\n", run("a\nb\n", "echo \"$1\"", "--keep-order").out());
  }

  @Test
  void what_has_failed_for_good_is_not_run_again() {
    run("a\n", "exit 65");

    assertEquals(1, run("a\n", "exit 65").exit());
  }

  @Test
  void another_input_or_command_is_refused() {
    run("a\nb\n", "echo \"$1\"");

    assertRefused(
        run("a\nB\n", "echo \"$1\""),
        "run sums is another one: line 2 of the input is not the one it has taken in" + WAY_OUT);
    assertRefused(
        run("a\n", "echo \"$1\""),
        "run sums is another one: the input ends after line 1, but it has taken in 2 lines"
            + WAY_OUT);
    assertRefused(
        run("a\nb\nc\n", "echo \"$1\""),
        "run sums is another one: the input goes on after line 2, where it had ended" + WAY_OUT);
    assertRefused(
        run("a\nb\n", "cat"),
        "run sums is another one: its command is echo \"$1\", not cat" + WAY_OUT);
    assertRefused(
        run("a\nb\n", "echo \"$1\"", "--json"),
        "run sums is another one: its lines are text, not JSON" + WAY_OUT);
  }

  @Test
  void what_is_refused_leaves_the_policy_of_the_run_as_it_is() {
    run("a\nb\n", "echo \"$1\"", "--attempts", "3", "--backoff", "7s", "--timeout", "1m");
    KindPolicy before = policy();
    String[] other = {"--attempts", "9", "--backoff", "8s", "--timeout", "2m"};

    for (String input : List.of("a\nB\n", "a\n", "a\nb\nc\n")) {
      assertEquals(2, run(input, "echo \"$1\"", other).exit());
      assertEquals(before, policy(), input);
    }
    assertEquals(0, run("a\nb\n", "echo \"$1\"", other).exit());
    assertEquals(9, policy().maxAttempts());
  }

  private KindPolicy policy() {
    try (Quern quern = Quern.open(database)) {
      return quern.kinds().get("run:sums").policy();
    }
  }

  @Test
  void a_line_that_cannot_be_taken_in_is_refused_and_the_run_goes_on_without_it() {
    Done refused = run("a\nb\0\nc\n", "echo \"$1\"");
    Done mended = run("a\nb\nc\n", "echo \"$1\"");

    assertEquals(2, refused.exit());
    assertTrue(
        refused.err().contains("quern: line 2 of the input cannot be taken in: "), refused.err());
    assertEquals(0, mended.exit());
    assertEquals(
        List.of("a", "b", "c"),
        Stream.concat(refused.lines().stream(), mended.lines().stream()).toList());
  }

  @Test
  void input_that_is_not_utf_8_is_refused() {
    Done done = quern(new byte[] {'a', '\n', (byte) 0xc3, '\n'}, "run", "sums", "--exec", "true");

    assertEquals(2, done.exit());
    assertTrue(done.err().contains("line 2 of the input is not UTF-8"), done.err());
  }

  @Test
  void a_run_at_work_is_refused_with_the_process() {
    try (Quern quern = Quern.open(database);
        Run run =
            quern.runs().open(new RunSpec("sums", "true", System.getProperty("user.dir"), false))) {
      assertRefused(
          run("a\n", "true"),
          "run sums is at work in process %d: wait until it ends, or stop it"
              .formatted(ProcessHandle.current().pid()));
      assertTrue(run.progress().lines() == 0);
      Done forget = quern("", "forget", "sums");
      assertEquals(Exit.CONFLICT, forget.exit());
    }
  }

  @Test
  void a_run_goes_on_without_its_input() {
    takeIn("a", "b");

    Done done = quern("", "run", "sums", "--resume");

    assertEquals(List.of("a", "b"), done.lines());
    assertEquals(0, done.exit());
  }

  // ---- what is typed

  @Test
  void what_cannot_be_meant_is_refused() throws IOException {
    Path input = Files.writeString(directory.resolve("lines"), "a\n");
    assertEquals(0, run("", "true", "--input", input.toString()).exit());

    assertRefused(quern("", "run", "x"), "what to run? Say it with --exec CMD");
    assertRefused(quern("", "run", "x", "--exec", " "), "--exec: the command is blank");
    assertEquals(2, quern("", "run", "a b", "--exec", "true").exit());
    assertEquals(2, run("", "true", "--backoff", "-1s").exit());
    assertEquals(2, run("", "true", "--timeout", "0s").exit());
    assertEquals(2, run("", "true", "--jobs", "0").exit());
    assertEquals(2, run("", "true", "--jobs", "100001").exit());
    assertRefused(
        run("", "true", "--input", directory.toString()),
        "--input: %s is no file that can be read".formatted(directory));
    assertRefused(
        run("", "true", "--input", database.toString()),
        "--input: %s belongs to the database".formatted(database));
    assertRefused(
        quern("", "run", "sums", "--resume", "--input", input.toString()),
        "--resume takes the command and the lines from the run: leave out --input");
    assertRefused(
        quern("", "run", "other", "--resume"),
        "there is no run other: 'quern runs' lists the runs of this database");
  }

  // ---- results, runs, forget

  @Test
  void results_have_all_lines_in_their_order_whoever_printed_them() {
    run("1\n2\n3\n", "[ $1 = 2 ] && exit 65; echo $1");

    Done results = quern("", "results", "sums");

    assertEquals("1\n3\n", results.out());
    assertTrue(results.err().startsWith("quern: line 2 failed: exit_65"), results.err());
    assertEquals(0, results.exit());
    assertEquals(3, quern("", "results", "sums", "--json").lines().size());
  }

  @Test
  void results_say_how_many_lines_have_not_ended() {
    try (Quern quern = Quern.open(database);
        Run run = quern.runs().open(new RunSpec("sums", "true", "/", false))) {
      run.take(List.of("a", "b"));

      assertEquals("quern: 2 of 2 lines have not ended\n", quern("", "results", "sums").err());
    }
  }

  @Test
  void an_unknown_run_has_no_results() {
    run("a\n", "true");

    Done done = quern("", "results", "sum");

    assertEquals("quern: no run sum: did you mean sums?\n", done.err());
    assertEquals(3, done.exit());
    assertEquals(3, quern("", "forget", "sum").exit());
  }

  @Test
  void a_forgotten_run_can_be_begun_anew() {
    run("a\n", "true");

    assertEquals("forgot run sums: 1 lines\n", quern("", "forget", "sums").out());

    assertEquals("b\n", run("b\n", "echo $1").out());
  }

  @Test
  void a_forgotten_run_is_told_of_in_json() {
    run("a\nb\n", "true");

    assertEquals("{\"run\":\"sums\",\"lines\":2}\n", quern("", "forget", "sums", "--json").out());
  }

  @Test
  void runs_are_listed() {
    run("a\nb\n", "[ $1 = a ]", "--attempts", "1");

    String[] row = quern("", "runs").out().split("\t");

    assertEquals(List.of("sums", "2", "1", "1", "0"), Arrays.asList(row).subList(0, 5));
    assertEquals("finished", row[6]);
    assertTrue(quern("", "runs", "--json").out().contains("\"lines\":2,\"complete\":true"));
  }

  private void fifo(String name) throws Exception {
    Path fifo = directory.resolve(name);
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    assertFalse(Files.isRegularFile(fifo));
  }
}
