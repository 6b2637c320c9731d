package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobFilter;
import dev.quern.Quern;
import dev.quern.it.Processes.Ended;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How `quern run` is stopped and gone on with.
class RunStopIT {
  @TempDir Path directory;

  private Place place;
  private Waiters waiters;

  @BeforeEach
  void here() {
    place = new Place(directory);
    waiters = new Waiters(place);
  }

  // ---- signals

  @Test
  void ctrl_c_lets_running_programs_finish_and_charges_nothing() throws Exception {
    String[] words = graceful("INT", 130);

    goesOn(Place.numbers(5), place.on(Place.numbers(5), words));
  }

  @Test
  void sigterm_lets_running_programs_finish_and_charges_nothing() throws Exception {
    graceful("TERM", 143);

    goesOn(Place.numbers(5), place.quern("run", "r", "--resume", "--keep-order"));
  }

  private String[] graceful(String signal, int exit) throws Exception {
    String[] words = {"run", "r", "--jobs", "2", "--keep-order", "--exec", Waiters.COMMAND};
    try (Running running = place.start(Place.numbers(5), words)) {
      waiters.await(2);

      // A terminal sends INT to the programs too, which ignore it.
      if (signal.equals("INT")) {
        running.signalGroup(signal);
      } else {
        running.signal(signal);
      }
      running.awaitErr("stopping");
      waiters.letGo();
      Ended ended = running.end();

      assertEquals(exit, ended.exit(), ended.err());
      assertEquals("1\n2\n", ended.out());
      assertEquals(2, waiters.begun().size(), "no other line was begun");
    }
    assertEquals(List.of("done 1", "done 1", "ready 0", "ready 0", "ready 0"), jobs());
    return words;
  }

  /// Checks that a run has gone on to the end of its input.
  private void goesOn(String input, Ended again) {
    assertEquals(0, again.exit(), again.err());
    assertEquals(input, again.out());
    assertEquals(input.lines().count(), waiters.begun().size(), "no line ran twice");
  }

  /// State and attempts of each job, by line.
  private List<String> jobs() {
    try (Quern quern = Quern.open(place.database())) {
      return quern.jobs().list(JobFilter.ALL).jobs().reversed().stream()
          .map(job -> job.state().label() + " " + job.attempts())
          .toList();
    }
  }

  @Test
  void a_second_ctrl_c_ends_the_programs_at_once_and_charges_nothing() throws Exception {
    try (Running running =
        place.start(Place.numbers(3), "run", "r", "--jobs", "2", "--exec", Waiters.COMMAND)) {
      waiters.await(2);
      running.signal("INT");
      running.awaitErr("stopping");

      running.signal("INT");
      Ended ended = running.end();

      assertEquals(130, ended.exit(), ended.err());
      assertEquals("", ended.out());
    }
    assertEquals(List.of("ready 0", "ready 0", "ready 0"), jobs());
    waiters.letGo();
    assertEquals(
        Place.numbers(3),
        place.on(Place.numbers(3), "run", "r", "--exec", Waiters.COMMAND, "--keep-order").out());
  }

  /// Ctrl-C ends whoever writes the input too: that is no end of the input.
  @Test
  void ctrl_c_in_a_pipe_does_not_cut_the_input_off() throws Exception {
    place.put("wait", Waiters.COMMAND);
    String[] words = {"run", "r", "--keep-order", "--exec", ". ./wait"};
    String quern = "'" + String.join("' '", Processes.quern(words)) + "'";
    String pipe = "{ echo 1; echo 2; sleep 100; echo 3; } | " + quern;

    try (Running running = Running.start(directory, Map.of(), List.of("sh", "-c", pipe))) {
      waiters.await(2);
      running.signalGroup("INT");
      running.awaitErr("stopping");
      waiters.letGo();
      Processes.await("the end of the run", () -> running.err().contains("done 2"));
    }

    goesOn(Place.numbers(3), place.on(Place.numbers(3), words));
  }

  // ---- going on

  @Test
  void what_differs_from_the_run_in_the_books_is_refused_before_any_program_runs()
      throws Exception {
    Path there = Files.createDirectory(place.file("there"));
    String command = "echo \"$1\" >> began; [ -e mended ] || exit 65";
    beginAndFail(command);

    Ended changed = place.on("1\n2 \n3\n", run(command));
    Ended other = place.on("1\n2\n3\n", run("true"));
    Ended json = place.on("1\n2\n3\n", run(command, "--json"));
    Ended fewer = place.on("1\n2\n", run(command));
    Ended more = place.on("1\n2\n3\n4\n", run(command));
    Ended elsewhere =
        new Place(there).on("1\n2\n3\n", run(command, "--db", place.database().toString()));

    changed.assertRefused(
        2, "run r is another one", "line 2 of the input is not the one", "forget r");
    other.assertRefused(2, "run r is another one", "its command is " + command + ", not true");
    json.assertRefused(2, "run r is another one", "its lines are text, not JSON");
    fewer.assertRefused(2, "ends after line 2", "taken in 3 lines");
    more.assertRefused(2, "goes on after line 3, where it had ended");
    elsewhere.assertRefused(2, "its directory is " + directory, "not " + there);
    assertEquals(3, waiters.begun().size(), "no program ran");
  }

  @Test
  void how_it_is_worked_on_may_change() throws Exception {
    String command = "echo \"$1\" >> began; [ -e mended ] || exit 65";
    beginAndFail(command);
    place.put("mended", "");

    Ended same =
        place.on("1\n2\n3", run(command, "--jobs", "3", "--attempts", "9", "--timeout", "1h"));

    assertEquals(0, same.exit(), same.err());
    assertEquals(6, waiters.begun().size());
  }

  @Test
  void the_back_off_may_change_too() throws Exception {
    String command =
        "echo \"$1\" >> began; [ -e mended ] || exit 65; [ $QUERN_ATTEMPT = 2 ] || exit 1";
    beginAndFail(command, "--backoff", "1h");
    place.put("mended", "");

    Ended sooner = place.quern("run", "r", "--resume", "--backoff", "1ms");

    assertEquals(0, sooner.exit(), sooner.err());
    sooner.assertSays("done 3, failed 0", "retried 3");
    assertEquals(9, waiters.begun().size(), "each line failed twice");
  }

  /// Begins a run of three lines that fail, and lets them be tried again.
  private void beginAndFail(String command, String... more) throws Exception {
    assertEquals(1, place.on("1\n2\n3\n", run(command, more)).exit());
    assertEquals(0, place.quern("retry", "--failed").exit());
  }

  private static String[] run(String command, String... more) {
    List<String> words = new ArrayList<>(List.of("run", "r", "--exec", command));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @Test
  void results_are_exact_while_the_run_is_at_work_and_forgetting_waits() throws Exception {
    String command = "[ \"$1\" != 2 ] || until [ -e go ]; do sleep 0.02; done; echo \"$1\"";
    try (Running running = place.start(Place.numbers(2), "run", "r", "--exec", command)) {
      Processes.await("line 1", () -> running.out().equals("1\n"));

      Ended results = place.quern("results", "r");
      Ended forgotten = place.quern("forget", "r");

      assertEquals("1\n", results.out());
      assertTrue(results.err().contains("1 of 2 lines have not ended"), results.err());
      assertEquals(4, forgotten.exit());
      assertTrue(forgotten.err().contains("process " + running.pid()), forgotten.err());
      waiters.letGo();
      assertEquals(0, running.end().exit());
    }

    assertEquals(Place.numbers(2), place.quern("results", "r").out());
    assertEquals(0, place.quern("forget", "r").exit());
    Ended gone = place.quern("results", "r");
    assertEquals(3, gone.exit());
    assertTrue(gone.err().contains("no run r"), gone.err());
    assertEquals(Map.of(), place.counts().byKind());
    assertArrayEquals(
        "new\n".getBytes(StandardCharsets.UTF_8),
        place.on("new\n", "run", "r", "--exec", "cat; echo").bytes());
  }
}
