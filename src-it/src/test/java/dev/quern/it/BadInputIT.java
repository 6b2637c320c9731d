package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quern.JobState;
import dev.quern.it.Processes.Ended;
import dev.quern.json.JsonNumber;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is asked for: one clear line that says what to do, an exit code that says so too, no
/// stack trace, and nothing lost.
class BadInputIT {
  private static final int JOBS = 3;
  private static final int PAYLOAD_LIMIT = 1 << 20;
  private static final int OUTPUT_LIMIT = 16 << 20;

  @TempDir Path directory;

  private Place place;

  @BeforeEach
  void here() {
    place = new Place(directory);
  }

  // ---- others

  @Test
  void several_processes_use_one_file_at_the_same_time() throws Exception {
    place.fill(JOBS);
    String jobs = Place.numbers(2_000);

    try (Running run =
            place.start(Place.numbers(100), "run", "r", "--exec", "echo \"$1\"", "--keep-order");
        Running first = place.start(jobs, "enqueue", "--stream", "stream");
        Running second = place.start(jobs, "enqueue", "--stream", "stream")) {
      assertEquals("2000 enqueued\n", first.end().out());
      assertEquals("2000 enqueued\n", second.end().out());
      Ended ran = run.end();
      assertEquals(Place.numbers(100), ran.out());
      assertEquals(0, ran.exit(), ran.err());
    }

    assertEquals(4_000, place.counts().of("stream", JobState.READY));
    place.assertWhole(JOBS);
  }

  @Test
  void a_second_live_run_of_a_name_is_refused_with_the_process_of_the_first() throws Exception {
    Path go = place.file("go");
    String[] words = {"run", "r", "--exec", "until [ -e go ]; do sleep 0.02; done; echo \"$1\""};
    try (Running first = place.start("a\n", words)) {
      Processes.await("the run to begin", () -> place.count(JobState.RUNNING) == 1);

      Ended second = place.on("a\n", words);

      second.assertRefused(2, "run r is at work in process " + first.pid(), "wait until it ends");
      Files.createFile(go);
      assertEquals("a\n", first.end().out());
    }
  }

  // ---- payloads and options

  @Test
  void a_payload_over_the_limit_is_refused_and_one_at_the_limit_is_not() throws Exception {
    place.fill(JOBS);
    String most = "\"" + "x".repeat(PAYLOAD_LIMIT - 2) + "\"";

    Ended ended = place.on(most + " ", "enqueue", "a", "-");
    Ended streamed = place.on("1\n" + most + " \n3\n", "enqueue", "--stream", "a");
    Ended accepted = place.on(most, "enqueue", "a", "-");

    ended.assertRefused(1, "longer than 1,048,576 bytes", "store long data elsewhere");
    streamed.assertRefused(
        1, "line 2: longer than 1,048,576 bytes", "lines before it are enqueued");
    assertEquals(0, accepted.exit(), accepted.err());
    assertEquals(2, place.counts().of("a", JobState.READY));
    place.assertWhole(JOBS);
  }

  @Test
  void what_is_not_json_is_refused_with_its_position() throws Exception {
    place.fill(JOBS);

    Ended ended = place.quern("enqueue", "a", "{\"to\": nobody}");
    Ended streamed = place.on("{}\n[1, 2,]\n", "enqueue", "--stream", "a");
    Ended run = place.on("{}\n{\"a\" 1}\n", "run", "r", "--json", "--exec", "cat");

    ended.assertRefused(2, "the payload is not JSON", "at position 7", "'\"text\"'");
    streamed.assertRefused(1, "line 2: not JSON", "position 6", "lines before it are enqueued");
    assertEquals(2, run.exit());
    run.assertSays("line 2 of the input", "position 5", "start again");
    assertEquals(1, place.counts().of("a", JobState.READY));
    place.assertWhole(JOBS);
  }

  @Test
  void a_negative_delay_is_refused() throws Exception {
    place
        .quern("enqueue", "a", "--delay", "-5s")
        .assertRefused(2, "--delay: -5s is negative", "leave out the minus, as in 5s");
  }

  /// Linux lets one argument have 128 KiB.
  @Test
  void a_long_dedupe_key_is_refused() throws Exception {
    place.fill(JOBS);

    Ended ended = place.quern("enqueue", "precious", "--dedupe", "k".repeat(131_000));

    ended.assertRefused(1, "dedupe key of 131,000 characters", "at most 255");
    place.assertWhole(JOBS);
  }

  @Test
  void the_nearest_valid_command_or_option_is_named() throws Exception {
    place.quern("enqeue", "a").assertRefused(2, "unknown command enqeue", "did you mean enqueue?");
    place
        .quern("run", "r", "--exce", "true")
        .assertRefused(2, "unknown option --exce", "mean --exec?");
    place
        .quern("stats", "--frobnicate")
        .assertRefused(2, "unknown option --frobnicate", "stats --help");
    assertFalse(Files.exists(place.database()));
  }

  @Test
  void an_input_that_is_missing_is_named() throws Exception {
    Ended ended = place.quern("run", "r", "--exec", "true", "--input", "missing");

    ended.assertRefused(2, "--input: missing is no file that can be read");
    assertFalse(Files.exists(place.database()));
  }

  // ---- programs

  @Test
  void a_program_that_does_not_exist_or_dies_of_a_signal_fails_its_line() throws Exception {
    String command = "case $1 in missing) no-such-program;; killed) kill -9 $$;; *) echo ok;; esac";

    Ended ended =
        place.on(
            "missing\nkilled\nfine\n",
            "run",
            "r",
            "--exec",
            command,
            "--attempts",
            "1",
            "--keep-order");

    assertEquals(1, ended.exit());
    assertEquals("ok\n", ended.out());
    assertEquals(3, ended.err().lines().count(), ended.err());
    ended.assertSays("line 1 failed: exit_127", "was not found", "no-such-program");
    ended.assertSays("line 2 failed: signal_9", "SIGKILL");
    ended.assertSays("done 1, failed 2");
  }

  @Test
  void a_gigabyte_of_output_is_cut_and_marked_in_little_memory() throws Exception {
    String command = "head -c 1000000000 /dev/zero; head -c 50000000 /dev/zero >&2";

    Ended ended =
        Processes.run(
            directory,
            "a\n",
            Processes.java(
                List.of("-Xmx200m", "-jar", Processes.JAR.toString()),
                "run",
                "r",
                "--exec",
                command));

    assertEquals(0, ended.exit(), ended.err());
    assertEquals(OUTPUT_LIMIT, ended.bytes().length);
    ended.assertSays("line 1 printed 1,000,000,000 bytes", "first 16,777,216 were kept");
  }

  @Test
  void output_that_is_no_text_is_kept_byte_for_byte() throws Exception {
    byte[] bytes = new byte[512];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i / 2 + i % 2);
    }
    Files.write(place.file("bytes"), bytes);

    Ended ran = place.on("bytes\n", "run", "r", "--exec", "cat \"$1\"");
    Ended results = place.quern("results", "r");
    JsonObject json = Place.json(place.quern("results", "r", "--json").out()).getFirst();

    assertArrayEquals(bytes, ran.bytes());
    assertArrayEquals(bytes, results.bytes());
    JsonObject result = (JsonObject) json.get("result").orElseThrow();
    JsonString base64 = (JsonString) result.get("base64").orElseThrow();
    assertArrayEquals(bytes, Base64.getDecoder().decode(base64.value()));
    assertEquals(JsonNumber.of(bytes.length), result.get("bytes").orElseThrow());
  }
}
