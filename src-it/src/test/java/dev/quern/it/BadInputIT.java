package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobState;
import dev.quern.it.Processes.Ended;
import dev.quern.json.JsonNumber;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is wrong: one clear line that says what to do, an exit code that says so too, no stack
/// trace, and nothing lost.
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

  /// Checks that a command ended badly, with one line that has these words.
  private static void assertRefused(Ended ended, int exit, String... words) {
    assertEquals(exit, ended.exit(), ended.err());
    assertEquals("", ended.out());
    assertOneLine(ended.err(), words);
  }

  private static void assertOneLine(String err, String... words) {
    assertTrue(err.startsWith("quern: "), err);
    assertEquals(1, err.lines().count(), err);
    assertWords(err, words);
  }

  private static void assertWords(String text, String... words) {
    assertFalse(text.contains("\tat "), text);
    for (String word : words) {
      assertTrue(text.contains(word), () -> "\"" + word + "\" is not in: " + text);
    }
  }

  private static String numbers(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  // ---- the database

  @Test
  void a_file_that_is_no_database_is_refused_and_left_alone() throws Exception {
    String content = "name,amount\n".repeat(500);
    Path file = place.put("quern.db", content);

    Ended ended = place.quern("enqueue", "a");

    assertRefused(
        ended, 1, file + " is not a usable SQLite database", "name another file, or restore");
    assertEquals(content, Files.readString(file));
  }

  @Test
  void tables_of_a_newer_version_are_refused_and_left_alone() throws Exception {
    place.fill(JOBS);
    setVersion("1000");

    Ended ended = place.quern("enqueue", "a");

    assertRefused(ended, 1, "tables are of version 1000", "use a newer Quern");
    setVersion("3");
    place.assertWhole(JOBS);
  }

  private void setVersion(String version) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + place.database());
        PreparedStatement update =
            connection.prepareStatement(
                "update quern_meta set value = ? where key = 'schema' and value <> ?")) {
      update.setString(1, version);
      update.setString(2, version);
      assertEquals(1, update.executeUpdate());
    }
  }

  @Test
  void a_directory_that_cannot_be_written_is_refused() throws Exception {
    Ended ended = place.quern("enqueue", "a", "--db", "/proc/quern.db");

    assertRefused(
        ended, 1, "/proc/quern.db cannot be written", "check that the file and its directory");
  }

  @Test
  void a_queue_on_a_read_only_disk_is_refused_and_whole() throws Exception {
    Sandbox sandbox = new Sandbox(place);

    sandbox.run(
        """
        small size=4m
        quern enqueue precious --db disk/quern.db
        mount -o remount,ro disk
        try refused quern enqueue precious --db disk/quern.db
        mount -o remount,rw disk
        try counted quern stats --json --db disk/quern.db
        """);

    assertRefused(
        sandbox.ended("refused"),
        1,
        "disk/quern.db cannot be written",
        "check that the file and its directory are writable");
    assertTrue(sandbox.ended("counted").out().contains("\"ready\":1,"));
  }

  @Test
  void a_directory_that_is_missing_is_named() throws Exception {
    Ended ended = place.quern("enqueue", "a", "--db", "there/quern.db");

    assertRefused(ended, 1, directory.resolve("there") + " does not exist", "create it");
    assertFalse(Files.exists(place.file("there")));
  }

  @Test
  void an_input_that_is_missing_is_named() throws Exception {
    Ended ended = place.quern("run", "r", "--exec", "true", "--input", "missing");

    assertRefused(ended, 2, "--input: missing is no file that can be read");
    assertFalse(Files.exists(place.database()));
  }

  @Test
  void a_directory_is_no_file() throws Exception {
    Ended ended = place.quern("enqueue", "a", "--db", directory.toString());

    assertRefused(ended, 1, directory + " is a directory", "name a file");
  }

  // ---- the disk

  @Test
  void on_a_full_disk_a_stream_says_what_is_enqueued_and_goes_on_when_there_is_space()
      throws Exception {
    place.put("lines", numbers(9_000));
    Sandbox sandbox = new Sandbox(place);

    sandbox.run(
        """
        small size=1m
        try full quern enqueue --stream precious --db disk/quern.db < lines
        try counted quern stats --json --db disk/quern.db
        mount -o remount,size=64m disk
        try again quern enqueue --stream precious --db disk/quern.db < lines
        try checked quern doctor --db disk/quern.db
        try listed quern stats --json --db disk/quern.db
        """);

    Ended full = sandbox.ended("full");
    assertRefused(full, 1, "disk/quern.db is full", "free some space", "lines before it");
    int bad = Integer.parseInt(full.err().replaceAll("(?s).*line (\\d+):.*", "$1"));
    assertTrue(bad > 1, "some were acknowledged");
    assertTrue(sandbox.ended("counted").out().contains("\"ready\":" + (bad - 1) + ","));
    assertEquals("9000 enqueued\n", sandbox.ended("again").out());
    assertTrue(sandbox.ended("checked").out().contains("no problem found"));
    assertTrue(sandbox.ended("listed").out().contains("\"ready\":" + (bad - 1 + 9_000) + ","));
  }

  @Test
  void on_a_full_disk_a_run_stops_and_goes_on_when_there_is_space() throws Exception {
    place.put("lines", numbers(300));
    Sandbox sandbox = new Sandbox(place);

    sandbox.run(
        """
        small size=1m
        run() {
          quern run wide --db disk/quern.db --jobs 2 --input lines \\
              --exec 'printf "%s %05000d\\n" "$1" 0'
        }
        try full run
        try kept quern results wide --db disk/quern.db
        mount -o remount,size=64m disk
        try again run
        try all quern results wide --db disk/quern.db
        """);

    Ended full = sandbox.ended("full");
    assertEquals(1, full.exit(), full.err());
    assertWords(full.err(), "disk/quern.db is full", "free some space");
    List<String> printed = full.out().lines().toList();
    List<String> kept = sandbox.ended("kept").out().lines().toList();
    assertFalse(printed.isEmpty());
    assertTrue(kept.containsAll(printed), "what was acknowledged is there");
    assertEquals(0, sandbox.ended("again").exit(), sandbox.ended("again").err());
    List<String> all = sandbox.ended("all").out().lines().toList();
    assertEquals(
        IntStream.rangeClosed(1, 300).mapToObj(i -> "%d %05000d".formatted(i, 0)).toList(), all);
    assertEquals(300 - kept.size(), sandbox.ended("again").out().lines().count());
  }

  @Test
  void a_temporary_directory_without_permission_to_execute_is_named() throws Exception {
    place.fill(JOBS);
    String words =
        "'%s' -Djava.io.tmpdir=disk -jar '%s' stats"
            .formatted(Processes.java(), Processes.JAR.toAbsolutePath());
    Sandbox sandbox = new Sandbox(place);

    sandbox.run("small size=4m,noexec\ntry refused " + words + "\n");

    assertRefused(
        sandbox.ended("refused"),
        1,
        "native library cannot be loaded",
        "noexec",
        "-Dorg.sqlite.tmpdir=DIR");
    place.assertWhole(JOBS);
  }

  // ---- others

  @Test
  void several_processes_use_one_file_at_the_same_time() throws Exception {
    place.fill(JOBS);
    String jobs = numbers(2_000);

    try (Running run =
            place.start(numbers(100), "run", "r", "--exec", "echo \"$1\"", "--keep-order");
        Running first = place.start(jobs, "enqueue", "--stream", "stream");
        Running second = place.start(jobs, "enqueue", "--stream", "stream")) {
      assertEquals("2000 enqueued\n", first.end().out());
      assertEquals("2000 enqueued\n", second.end().out());
      Ended ran = run.end();
      assertEquals(numbers(100), ran.out());
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

      assertRefused(second, 2, "run r is at work in process " + first.pid(), "wait until it ends");
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

    assertRefused(ended, 1, "longer than 1,048,576 bytes", "store long data elsewhere");
    assertRefused(
        streamed, 1, "line 2: longer than 1,048,576 bytes", "lines before it are enqueued");
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

    assertRefused(ended, 2, "the payload is not JSON", "at position 7", "'\"text\"'");
    assertRefused(streamed, 1, "line 2: not JSON", "position 6", "lines before it are enqueued");
    assertEquals(2, run.exit());
    assertWords(run.err(), "line 2 of the input", "position 5", "start again");
    assertEquals(1, place.counts().of("a", JobState.READY));
    place.assertWhole(JOBS);
  }

  @Test
  void a_negative_delay_is_refused() throws Exception {
    assertRefused(place.quern("enqueue", "a", "--delay", "-5s"), 2, "--delay: -5s is negative");
  }

  /// Linux lets one argument have 128 KiB.
  @Test
  void a_long_dedupe_key_is_refused() throws Exception {
    place.fill(JOBS);

    Ended ended = place.quern("enqueue", "precious", "--dedupe", "k".repeat(131_000));

    assertRefused(ended, 1, "dedupe key of 131,000 characters", "at most 255");
    place.assertWhole(JOBS);
  }

  @Test
  void the_nearest_valid_command_or_option_is_named() throws Exception {
    assertRefused(place.quern("enqeue", "a"), 2, "unknown command enqeue", "did you mean enqueue?");
    assertRefused(
        place.quern("run", "r", "--exce", "true"), 2, "unknown option --exce", "mean --exec?");
    assertRefused(
        place.quern("stats", "--frobnicate"), 2, "unknown option --frobnicate", "stats --help");
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
    List<String> lines = ended.err().lines().toList();
    assertEquals(3, lines.size(), ended.err());
    assertWords(lines.get(0), "line 1 failed", "exit_127", "was not found", "no-such-program");
    assertWords(lines.get(1), "line 2 failed", "signal_9", "SIGKILL");
    assertWords(lines.get(2), "done 1, failed 2");
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
    assertWords(ended.err(), "line 1 printed 1,000,000,000 bytes", "first 16,777,216 were kept");
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
    assertEquals(JsonNumber.of(bytes.length), result.get("bytes").orElseThrow());
    assertNotEquals(new JsonString(""), result.get("base64").orElseThrow());
    assertFalse(Arrays.equals(bytes, new String(bytes, StandardCharsets.UTF_8).getBytes()));
  }
}
