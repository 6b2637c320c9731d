package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.Quern;
import dev.quern.Run;
import dev.quern.it.Processes.Ended;
import dev.quern.json.JsonNumber;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `quern run` from one end to the other.
class RunIT {
  /// Says that it has begun, and waits to be let go of.
  private static final String WAIT =
      "echo \"$1\" >> began; until [ -e go ]; do sleep 0.02; done; echo \"$1\"";

  @TempDir Path directory;

  private Place place;

  @BeforeEach
  void here() {
    place = new Place(directory);
  }

  private static String numbers(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private List<String> began() {
    return Processes.text(place.file("began")).lines().toList();
  }

  private void awaitBegun(int programs) throws InterruptedException {
    Processes.await(programs + " programs to begin", () -> began().size() == programs);
  }

  private void letGo() throws Exception {
    Files.createFile(place.file("go"));
  }

  // ---- bytes

  @Test
  void bytes_stay_intact_where_the_locale_knows_only_ascii() throws Exception {
    List<String> lines =
        List.of(
            "caf\u00e9",
            "\ud83d\ude00 \u65e5\u672c",
            "  spaces\tand tabs ",
            "$HOME `id` 'a' \"b\" \\n * ; &",
            "",
            "-n",
            "carriage return\r",
            "\u0001\u007f\ufeff");
    String expected =
        lines.stream()
            .map(line -> "\u00fc<" + line + "><" + line + ">\n")
            .collect(Collectors.joining());
    Place ascii = new Place(directory, Map.of("LC_ALL", "C", "LANG", "C"));

    Ended ended =
        ascii.on(
            String.join("\n", lines),
            "run",
            "bytes",
            "--keep-order",
            "--exec",
            "printf '\u00fc<%s><' \"$1\"; cat; echo '>'");

    assertEquals(1, ended.err().lines().count(), ended.err());
    assertEquals(expected, ended.out());
    assertEquals(0, ended.exit());
    assertEquals(expected, ascii.quern("results", "bytes").out());
  }

  @Test
  void a_line_that_cannot_be_a_job_is_refused_with_its_number_and_the_others_are_kept()
      throws Exception {
    String longest = "x".repeat(Run.LINE_LIMIT);
    byte[] fine = ("a\n" + longest + "\n").getBytes(StandardCharsets.UTF_8);
    String[] words = {"run", "r", "--exec", "printf %s \"$1\" | wc -c", "--keep-order"};

    Ended invalid = place.quern(with(fine, new byte[] {'b', (byte) 0xff, '\n', 'c'}), words);
    Ended nul = place.quern(with(fine, new byte[] {'b', 0, '\n'}), words);
    Ended tooLong =
        place.quern(with(fine, (longest + "x\n").getBytes(StandardCharsets.UTF_8)), words);
    Ended mended = place.quern(with(fine, "b".getBytes(StandardCharsets.UTF_8)), words);

    assertEquals("1\n131071\n", invalid.out());
    assertRefused(invalid, "line 3 of the input is not UTF-8", "start again");
    assertRefused(nul, "line 3 of the input", "NUL", "start again");
    assertRefused(tooLong, "line 3 of the input has more than 131,071 bytes", "start again");
    assertEquals("1\n131071\n1\n", mended.out());
    assertEquals(0, mended.exit(), mended.err());
    assertEquals(3, place.counts().of("run:r", JobState.DONE));
  }

  private static byte[] with(byte[] first, byte[] second) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    return both.toByteArray();
  }

  private static void assertRefused(Ended ended, String... words) {
    assertEquals(2, ended.exit(), ended.err());
    assertFalse(ended.err().contains("\tat "), ended.err());
    for (String word : words) {
      assertTrue(ended.err().contains(word), () -> "\"" + word + "\" is not in: " + ended.err());
    }
  }

  // ---- output

  @Test
  void the_output_of_a_program_comes_whole_and_never_between_that_of_others() throws Exception {
    String command =
        "i=0; while [ $i -lt 300 ]; do printf '%s %0200d\\n' \"$1\" $i; i=$((i + 1)); done";

    Ended ended = place.on(numbers(24), "run", "r", "--jobs", "8", "--exec", command);

    assertEquals(0, ended.exit(), ended.err());
    List<String> lines = ended.out().lines().toList();
    assertEquals(24 * 300, lines.size());
    List<String> seen = new ArrayList<>();
    for (int block = 0; block < 24; block++) {
      String number = lines.get(block * 300).split(" ")[0];
      seen.add(number);
      for (int i = 0; i < 300; i++) {
        assertEquals("%s %0200d".formatted(number, i), lines.get(block * 300 + i));
      }
    }
    assertEquals(24, seen.stream().distinct().count());
  }

  @Test
  void output_comes_in_the_order_of_ending_or_in_that_of_the_lines_if_asked_for() throws Exception {
    String command = "[ \"$1\" != 1 ] || until [ -e go ]; do sleep 0.02; done; echo \"$1\"";

    try (Running free = place.start(numbers(9), "run", "free", "--jobs", "2", "--exec", command);
        Running kept =
            place.start(
                numbers(9), "run", "kept", "--jobs", "2", "--keep-order", "--exec", command)) {
      Processes.await("the others to end", () -> free.out().lines().count() == 8);
      Processes.await("them to end", () -> place.count(JobState.DONE) == 16);
      letGo();

      assertTrue(free.end().out().endsWith("\n1\n"));
      assertEquals(numbers(9), kept.end().out());
    }
  }

  @Test
  void json_has_a_line_for_each_job_with_its_result_or_failure() throws Exception {
    place.put("input", "{\"n\": 1}\n\"two\"\n[3]\n");
    String command =
        "payload=$(cat); [ \"$payload\" = \"$1\" ] || exit 65;"
            + " [ \"$1\" != '\"two\"' ] || { echo no >&2; exit 3; }; printf %s \"$1\"";

    Ended ended =
        place.quern(
            "run",
            "r",
            "--json",
            "--keep-order",
            "--input",
            "input",
            "--exec",
            command,
            "--attempts",
            "2",
            "--backoff",
            "1ms");

    assertEquals(1, ended.exit(), ended.err());
    List<JsonObject> lines = Place.json(ended.out());
    assertEquals(3, lines.size());
    for (int i = 0; i < 3; i++) {
      assertEquals(JsonNumber.of(i + 1), lines.get(i).get("line").orElseThrow());
      assertEquals(JsonNumber.of(i == 1 ? 2 : 1), lines.get(i).get("attempts").orElseThrow());
    }
    assertEquals(new JsonString("{\"n\": 1}"), lines.get(0).get("result").orElseThrow());
    assertEquals(new JsonString("failed"), lines.get(1).get("state").orElseThrow());
    JsonObject failure = (JsonObject) lines.get(1).get("failure").orElseThrow();
    assertEquals(new JsonString("exit_3"), failure.get("code").orElseThrow());
    assertEquals(new JsonString("done"), lines.get(2).get("state").orElseThrow());
    assertTrue(ended.err().contains("done 2, failed 1, retried 1"), ended.err());
    assertEquals(ended.out(), place.quern("results", "r", "--json").out());
  }

  @Test
  void nobody_reading_the_output_stops_the_run_and_loses_nothing() throws Exception {
    place.put("input", numbers(200));
    String quern = String.join("' '", Processes.quern("run", "r", "--input", "input"));
    String command = "printf \"%01000d\\n\" \"$1\"";

    Ended ended =
        Processes.run(
            directory,
            "('" + quern + "' --exec '" + command + "' 2> err; echo $? > exit) | head -n 1",
            List.of("sh"));

    assertEquals(1, ended.out().lines().count());
    assertEquals("1\n", Processes.text(place.file("exit")));
    assertTrue(Processes.text(place.file("err")).contains("start it again to go on"));
    assertEquals(0, place.quern("run", "r", "--input", "input", "--exec", command).exit());
    assertEquals(
        IntStream.rangeClosed(1, 200).mapToObj("%01000d"::formatted).toList(),
        place.quern("results", "r").out().lines().toList());
  }

  // ---- taking in

  @Test
  void the_first_lines_run_while_the_input_is_still_coming() throws Exception {
    try (Running running = place.open("run", "r", "--exec", "echo \"ran $1\"")) {
      running.write("first\n");
      Processes.await("the first line", () -> running.out().equals("ran first\n"));
      running.write("sec");
      running.write("ond\nthi");
      Processes.await("the second line", () -> running.out().endsWith("ran second\n"));
      running.write("rd");
      running.closeInput();

      Ended ended = running.end();
      assertEquals("ran first\nran second\nran third\n", ended.out());
      assertEquals(0, ended.exit(), ended.err());
    }
  }

  @Test
  void an_input_longer_than_the_memory_is_taken_in() throws Exception {
    int lines = 40_000;
    byte[] line = ("x".repeat(999) + "\n").getBytes(StandardCharsets.UTF_8);
    List<String> words =
        Processes.java(
            List.of("-Xmx40m", "-jar", Processes.JAR.toString()),
            "run",
            "r",
            "--jobs",
            "1",
            "--exec",
            WAIT);

    try (Running running = Running.start(directory, Map.of(), words)) {
      Thread.ofVirtual()
          .start(() -> {
            for (int i = 0; i < lines; i++) {
              running.write(line);
            }
            running.closeInput();
          });
      Processes.await(
          "the input to be taken in",
          () -> !running.alive() || place.number("select complete from quern_run") == 1);

      assertTrue(running.alive(), running.err());
      assertEquals(lines, place.number("select lines from quern_run"));
      assertEquals(1, began().size());
    }
  }

  // ---- exit codes

  @Test
  void the_exit_code_says_how_it_went() throws Exception {
    assertEquals(0, place.on("a\n", "run", "well", "--exec", "true").exit());
    assertEquals(1, place.on("a\n", "run", "badly", "--exec", "exit 65").exit());
    assertEquals(1, place.on("a\n", "run", "badly", "--exec", "exit 65").exit());
    assertEquals(2, place.on("a\n", "run", "oddly").exit());
  }

  @Test
  void failed_attempts_are_tried_again_and_slow_ones_end_in_time() throws Exception {
    String command =
        "case $1 in again) [ \"$QUERN_ATTEMPT\" = 3 ] && echo ok;; slow) sleep 60;; esac";

    Ended ended =
        place.on(
            "again\nslow\n",
            "run",
            "r",
            "--exec",
            command,
            "--attempts",
            "3",
            "--backoff",
            "1ms",
            "--timeout",
            "200ms");

    assertEquals(1, ended.exit());
    assertEquals("ok\n", ended.out());
    assertTrue(ended.err().contains("line 2 failed: timeout"), ended.err());
    assertTrue(ended.err().contains("done 1, failed 1, retried 4"), ended.err());
  }

  // ---- signals

  @Test
  void ctrl_c_lets_running_programs_finish_and_charges_nothing() throws Exception {
    String[] words = graceful("INT", 130);

    goesOn(numbers(5), place.on(numbers(5), words));
  }

  @Test
  void sigterm_lets_running_programs_finish_and_charges_nothing() throws Exception {
    graceful("TERM", 143);

    goesOn(numbers(5), place.quern("run", "r", "--resume", "--keep-order"));
  }

  private String[] graceful(String signal, int exit) throws Exception {
    String[] words = {"run", "r", "--jobs", "2", "--keep-order", "--exec", WAIT};
    try (Running running = place.start(numbers(5), words)) {
      awaitBegun(2);

      // A terminal sends INT to the programs too, which ignore it.
      if (signal.equals("INT")) {
        running.signalGroup(signal);
      } else {
        running.signal(signal);
      }
      running.awaitErr("stopping");
      letGo();
      Ended ended = running.end();

      assertEquals(exit, ended.exit(), ended.err());
      assertEquals("1\n2\n", ended.out());
      assertEquals(2, began().size(), "no other line was begun");
    }
    assertEquals(List.of("done 1", "done 1", "ready 0", "ready 0", "ready 0"), jobs());
    return words;
  }

  /// Checks that a run has gone on to the end of its input.
  private void goesOn(String input, Ended again) {
    assertEquals(0, again.exit(), again.err());
    assertEquals(input, again.out());
    assertEquals(input.lines().count(), began().size(), "no line ran twice");
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
    try (Running running = place.start(numbers(3), "run", "r", "--jobs", "2", "--exec", WAIT)) {
      awaitBegun(2);
      running.signal("INT");
      running.awaitErr("stopping");

      running.signal("INT");
      Ended ended = running.end();

      assertEquals(130, ended.exit(), ended.err());
      assertEquals("", ended.out());
    }
    assertEquals(List.of("ready 0", "ready 0", "ready 0"), jobs());
    letGo();
    assertEquals(
        numbers(3), place.on(numbers(3), "run", "r", "--exec", WAIT, "--keep-order").out());
  }

  /// Ctrl-C ends whoever writes the input too: that is no end of the input.
  @Test
  void ctrl_c_in_a_pipe_does_not_cut_the_input_off() throws Exception {
    place.put("wait", WAIT);
    String[] words = {"run", "r", "--keep-order", "--exec", ". ./wait"};
    String quern = "'" + String.join("' '", Processes.quern(words)) + "'";
    String pipe = "{ echo 1; echo 2; sleep 100; echo 3; } | " + quern;

    try (Running running = Running.start(directory, Map.of(), List.of("sh", "-c", pipe))) {
      awaitBegun(2);
      running.signalGroup("INT");
      running.awaitErr("stopping");
      letGo();
      Processes.await("the end of the run", () -> running.err().contains("done 2"));
    }

    goesOn(numbers(3), place.on(numbers(3), words));
  }

  // ---- going on

  @Test
  void what_differs_from_the_run_in_the_books_is_refused_before_any_program_runs()
      throws Exception {
    Path there = Files.createDirectory(place.file("there"));
    String command = "echo \"$1\" >> began; [ ! -e broken ] || exit 65";
    place.put("broken", "");
    assertEquals(1, place.on("1\n2\n3\n", run(command)).exit());
    assertEquals(0, place.quern("retry", "--failed").exit());

    Ended changed = place.on("1\n2 \n3\n", run(command));
    Ended other = place.on("1\n2\n3\n", run("true"));
    Ended json = place.on("1\n2\n3\n", run(command, "--json"));
    Ended fewer = place.on("1\n2\n", run(command));
    Ended more = place.on("1\n2\n3\n4\n", run(command));
    Ended elsewhere =
        new Place(there).on("1\n2\n3\n", run(command, "--db", place.database().toString()));

    assertRefused(
        changed, "run r is another one", "line 2 of the input is not the one", "forget r");
    assertRefused(other, "run r is another one", "its command is " + command + ", not true");
    assertRefused(json, "run r is another one", "its lines are text, not JSON");
    assertRefused(fewer, "ends after line 2", "taken in 3 lines");
    assertRefused(more, "goes on after line 3, where it had ended");
    assertRefused(elsewhere, "its directory is " + directory, "not " + there);
    assertEquals(3, began().size(), "no program ran");
    Files.delete(place.file("broken"));
    Ended same =
        place.on("1\n2\n3", run(command, "--jobs", "3", "--attempts", "9", "--timeout", "1h"));
    assertEquals(0, same.exit(), same.err());
    assertEquals(6, began().size());
  }

  private static String[] run(String command, String... more) {
    List<String> words = new ArrayList<>(List.of("run", "r", "--exec", command));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @Test
  void results_are_exact_while_the_run_is_at_work_and_forgetting_waits() throws Exception {
    String command = "[ \"$1\" != 2 ] || until [ -e go ]; do sleep 0.02; done; echo \"$1\"";
    try (Running running = place.start(numbers(2), "run", "r", "--exec", command)) {
      Processes.await("line 1", () -> running.out().equals("1\n"));

      Ended results = place.quern("results", "r");
      Ended forgotten = place.quern("forget", "r");

      assertEquals("1\n", results.out());
      assertTrue(results.err().contains("1 of 2 lines have not ended"), results.err());
      assertEquals(4, forgotten.exit());
      assertTrue(forgotten.err().contains("process " + running.pid()), forgotten.err());
      letGo();
      assertEquals(0, running.end().exit());
    }

    assertEquals(numbers(2), place.quern("results", "r").out());
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
