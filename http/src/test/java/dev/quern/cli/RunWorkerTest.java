package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobState;
import dev.quern.KindPolicy;
import dev.quern.Program;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.Run;
import dev.quern.RunLine;
import dev.quern.RunSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How a run is stopped, and what is seen of it.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RunWorkerTest {
  private static final KindPolicy POLICY =
      KindPolicy.DEFAULT.chargesLosses(false).keepsEnded(true).maxAttempts(1);

  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Quern open() {
    return Quern.open(directory.resolve("q.db"), QuernConfig.DEFAULT.concurrency(1));
  }

  private Run open(Quern quern, String command) {
    return quern.runs().open(new RunSpec("sums", command, "/", false));
  }

  private RunWorker worker(Quern quern, Run run, OutputStream to, Terminal terminal) {
    Console console =
        new Console(
            InputStream.nullInputStream(), to, err, Map.of(), terminal, InstantSource.system());
    Program program = Program.of(run.spec().command());
    return new RunWorker(quern, run, POLICY, program, console, false, false);
  }

  private static Optional<InputStream> lines(String lines) {
    return Optional.of(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
  }

  private static CompletableFuture<Integer> work(RunWorker worker, String lines) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return worker.work(lines(lines), Duration.ZERO);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private Path fifo(String name) throws Exception {
    Path fifo = directory.resolve(name);
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    return fifo;
  }

  private static List<RunLine> books(Quern quern) {
    return quern.runs().lines("sums", 0, 100);
  }

  @Test
  void the_first_signal_lets_running_programs_finish_and_starts_no_more() throws Exception {
    Path started = fifo("started");
    Path go = fifo("go");
    String command = "echo > %s; read x < %s; echo did $1".formatted(started, go);
    try (Quern quern = open();
        Run run = open(quern, command)) {
      RunWorker worker = worker(quern, run, out, Terminal.NONE);
      CompletableFuture<Integer> exit = work(worker, "a\nb\nc\n");
      Files.readString(started);

      worker.brake().signal(Exit.INTERRUPTED);
      Files.writeString(go, "\n");

      assertEquals(Exit.INTERRUPTED, exit.get());
      assertEquals("did a\n", out.toString());
      assertEquals(
          List.of(JobState.DONE, JobState.READY, JobState.READY),
          books(quern).stream().map(RunLine::state).toList());
      assertEquals(0, books(quern).getLast().attempts());
      assertTrue(err.toString().contains("done 1, failed 0"), err.toString());
    }
  }

  @Test
  void the_second_signal_ends_programs_and_charges_nothing() throws Exception {
    Path started = fifo("started");
    Path go = fifo("go");
    String command = "echo > %s; read x < %s; echo did $1".formatted(started, go);
    try (Quern quern = open();
        Run run = open(quern, command)) {
      RunWorker worker = worker(quern, run, out, Terminal.NONE);
      CompletableFuture<Integer> exit = work(worker, "a\nb\n");
      Files.readString(started);

      worker.brake().signal(Exit.TERMINATED);
      worker.brake().signal(Exit.TERMINATED);

      assertEquals(Exit.TERMINATED, exit.get());
    }
    try (Quern quern = open()) {
      assertEquals(
          List.of(JobState.READY, JobState.READY),
          books(quern).stream().map(RunLine::state).toList());
      assertEquals(0, books(quern).getFirst().attempts());
    }
    assertEquals("", out.toString());
  }

  @Test
  void a_run_whose_output_nobody_reads_stops() throws Exception {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    try (Quern quern = open();
        Run run = open(quern, "echo \"$1\"")) {
      RunWorker worker = worker(quern, run, closed, Terminal.NONE);

      Failed failed =
          assertThrows(
              Failed.class, () -> worker.work(lines("a\n" + "b\n".repeat(2_000)), Duration.ZERO));

      assertEquals(Exit.FAILED, failed.exit());
      assertTrue(failed.getMessage().startsWith("standard output was closed, so the run has stop"));
      assertTrue(run.progress().ended() < 2_001);
    }
  }

  @Test
  void an_error_while_lines_are_taken_in_ends_the_run_with_one_line() throws Exception {
    try (Quern quern = open();
        Run run = open(quern, "true")) {
      RunWorker worker = worker(quern, run, out, Terminal.NONE);

      int exit = worker.work(Optional.of(new Torn(new OutOfMemoryError("heap"))), Duration.ZERO);

      assertEquals(Exit.INTERNAL, exit);
    }
    assertTrue(
        err.toString().startsWith("quern: not enough memory: set JAVA_TOOL_OPTIONS=-Xmx2g"),
        err.toString());
    assertEquals(2, err.toString().lines().count(), "and the summary");
  }

  @Test
  void a_terminal_shows_a_bar_that_makes_room_for_output() throws Exception {
    Path started = fifo("started");
    Path go = fifo("go");
    String command = "echo > %s; read x < %s; exit 65".formatted(started, go);
    try (Quern quern = open();
        Run run = open(quern, command)) {
      RunWorker worker = worker(quern, run, out, new Terminal(false, false, true, 80, false));
      CompletableFuture<Integer> exit = work(worker, "a\n");
      Files.readString(started);
      awaitErr("]  0/1  1 running");
      Files.writeString(go, "\n");

      assertEquals(Exit.FAILED, exit.get());
    }
    String shown = err.toString();
    assertTrue(shown.contains("\r\u001b[Ksums  [....") && shown.contains("0/1  1 running"), shown);
    assertTrue(shown.contains("\r\u001b[Kquern: line 1 failed: exit_65"), shown);
    assertTrue(shown.endsWith(" jobs/s\n"), shown);
  }

  @Test
  void on_a_terminal_the_summary_has_a_line_of_its_own() throws Exception {
    try (Quern quern = open();
        Run run = open(quern, "printf %s \"$1\"")) {
      RunWorker worker = worker(quern, run, err, new Terminal(false, true, false, 80, false));

      worker.work(lines("a\nb\n"), Duration.ZERO);
    }
    assertTrue(err.toString().startsWith("ab\nquern: run sums: done 2"), err.toString());
  }

  /// Waits for something on standard error, which tells nobody.
  private void awaitErr(String text) {
    while (!err.toString().contains(text)) {
      Thread.onSpinWait();
    }
  }
}
