package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobState;
import dev.quern.Run;
import dev.quern.it.Processes.Ended;
import dev.quern.json.JsonNumber;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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
  @TempDir Path directory;

  private Place place;
  private Waiters waiters;

  @BeforeEach
  void here() {
    place = new Place(directory);
    waiters = new Waiters(place);
  }

  // ---- bytes

  /// The words go through a file, because the locale of this process may know only ASCII, too.
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

    String script =
        "exec '%s' --exec \"printf '\u00fc<%%s><' \\\"\\$1\\\"; cat; echo '>'\"\n"
            .formatted(String.join("' '", Processes.quern("run", "bytes", "--keep-order")));
    place.put("script", script);
    byte[] input = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);

    Ended ended = Processes.run(directory, ascii.environment(), input, List.of("sh", "./script"));

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
    assertEquals(List.of(2, 2, 2), List.of(invalid.exit(), nul.exit(), tooLong.exit()));
    invalid.assertSays("line 3 of the input is not UTF-8", "start again");
    nul.assertSays("line 3 of the input", "NUL", "start again");
    tooLong.assertSays("line 3 of the input has more than 131,071 bytes", "start again");
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

  // ---- output

  @Test
  void the_output_of_a_program_comes_whole_and_never_between_that_of_others() throws Exception {
    String command =
        "i=0; while [ $i -lt 300 ]; do printf '%s %0200d\\n' \"$1\" $i; i=$((i + 1)); done";

    Ended ended = place.on(Place.numbers(24), "run", "r", "--jobs", "8", "--exec", command);

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

    try (Running free =
            place.start(Place.numbers(9), "run", "free", "--jobs", "2", "--exec", command);
        Running kept =
            place.start(
                Place.numbers(9),
                "run",
                "kept",
                "--jobs",
                "2",
                "--keep-order",
                "--exec",
                command)) {
      Processes.await("the others to end", () -> free.out().lines().count() == 8);
      Processes.await("them to end", () -> place.count(JobState.DONE) == 16);
      waiters.letGo();

      assertTrue(free.end().out().endsWith("\n1\n"));
      assertEquals(Place.numbers(9), kept.end().out());
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
    place.put("input", Place.numbers(200));
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
            Waiters.COMMAND);

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
      assertEquals(1, waiters.begun().size());
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
            "700ms");

    assertEquals(1, ended.exit());
    assertEquals("ok\n", ended.out());
    assertTrue(ended.err().contains("line 2 failed: timeout"), ended.err());
    assertTrue(ended.err().contains("done 1, failed 1, retried 4"), ended.err());
  }
}
