package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.Quern;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnqueueCommandTest {
  @TempDir private Path directory;
  private Shell shell;

  @BeforeEach
  void open() {
    shell = new Shell(directory.resolve("quern.db"));
  }

  private List<Job> jobs() {
    try (Quern quern = Quern.open(shell.db())) {
      return quern.jobs().list(JobFilter.ALL.limit(1_000)).jobs();
    }
  }

  private Job job() {
    return jobs().getFirst();
  }

  @Test
  void it_makes_the_database_and_prints_the_id() {
    assertEquals("1\n", shell.ok("enqueue", "a").out());
    assertEquals("{}", job().payload());
  }

  @Test
  void every_option_reaches_the_job() {
    shell.ok(
        "enqueue",
        "a",
        "[1]",
        "--priority",
        "-5",
        "--at",
        "2099-01-31T09:00:00Z",
        "--dedupe",
        "d",
        "--affinity",
        "f",
        "--requires",
        "gpu,arm",
        "--tags",
        "x,y",
        "--attempts",
        "7");

    Job job = job();
    assertEquals("[1]", job.payload());
    assertEquals(-5, job.priority());
    assertEquals(Instant.parse("2099-01-31T09:00:00Z"), job.availableAt());
    assertEquals(Optional.of("d"), job.dedupeKey());
    assertEquals(Optional.of("f"), job.affinityKey());
    assertEquals(List.of("arm", "gpu"), job.requires());
    assertEquals(List.of("x", "y"), job.tags());
    assertEquals(Optional.of(7), job.maxAttempts());
  }

  @Test
  void a_dash_reads_the_payload_from_standard_input() {
    shell.reading("{\"a\": \"é€🙂\"}\n").ok("enqueue", "a", "-");

    assertTrue(job().payload().contains("é€🙂"));
  }

  @Test
  void a_duplicate_prints_the_id_of_the_live_job() {
    shell.ok("enqueue", "a", "--dedupe", "k");

    Shell.Ran again = shell.ok("enqueue", "a", "--dedupe", "k");

    assertEquals("1\n", again.out());
    assertEquals("nothing was added: job 1 has this dedupe key\n", again.err());
    assertEquals(
        "{\"id\":\"1\",\"isNew\":false}\n",
        shell.ok("enqueue", "a", "--dedupe", "k", "--json").out());
  }

  @Test
  void a_payload_that_is_not_json_is_refused_with_its_position_and_no_database_is_made() {
    Shell.Ran ran = shell.run("enqueue", "a", "hello");

    assertEquals(Exit.USAGE, ran.exit());
    assertTrue(ran.err().contains("at position 0"), ran.err());
    assertFalse(Files.exists(shell.db()));
  }

  @Test
  void a_payload_over_the_limit_is_refused_and_no_database_is_made() {
    byte[] payload = ("\"" + "x".repeat(1 << 20) + "\"").getBytes(StandardCharsets.UTF_8);

    Shell.Ran ran = shell.reading(payload).run("enqueue", "a", "-");

    assertEquals(Exit.FAILED, ran.exit());
    assertEquals(
        "quern: the payload is longer than 1,048,576 bytes: store long data elsewhere\n",
        ran.err());
    assertFalse(Files.exists(shell.db()));
  }

  @Test
  void a_dedupe_key_of_a_megabyte_and_a_negative_delay_are_refused() {
    Shell.Ran key = shell.run("enqueue", "a", "--dedupe", "k".repeat(1 << 20));
    Shell.Ran delay = shell.run("enqueue", "a", "--delay", "-5s");

    assertEquals("quern: dedupe key of 1,048,576 characters: at most 255 are allowed\n", key.err());
    assertEquals("quern: --delay: -5s is negative: leave out the minus, as in 5s\n", delay.err());
    assertFalse(Files.exists(shell.db()));
  }

  @Test
  void options_that_exclude_each_other_are_refused() {
    assertEquals(
        Exit.USAGE, shell.run("enqueue", "a", "--delay", "1s", "--at", "2099-01-31T09:00").exit());
    assertEquals(Exit.USAGE, shell.run("enqueue", "a", "1", "--stream").exit());
    assertEquals(Exit.USAGE, shell.run("enqueue", "a", "--stream", "--dedupe", "k").exit());
  }

  @Test
  void an_argument_that_the_locale_destroyed_is_refused() {
    Shell.Ran ran = shell.run("enqueue", "a", "\"\uFFFD\"");

    assertEquals(Exit.USAGE, ran.exit());
    assertTrue(ran.err().contains("LC_ALL=C.UTF-8"), ran.err());
  }

  // ---- streams

  @Test
  void a_stream_makes_a_job_of_each_line_in_order() {
    String input = IntStream.range(0, 2_500).mapToObj(i -> i + "\n").collect(Collectors.joining());

    assertEquals("2500 enqueued\n", shell.reading(input).ok("enqueue", "--stream", "a").out());

    List<Job> newest = jobs();
    assertEquals("2499", newest.getFirst().payload());
    assertEquals("1500", newest.getLast().payload());
  }

  @Test
  void a_stream_needs_no_last_line_feed_and_leaves_out_empty_lines() {
    assertEquals(
        "{\"enqueued\":3}\n",
        shell.reading("1\n\n \n2\r\n3").ok("enqueue", "--stream", "a", "--json").out());
  }

  @Test
  void a_bad_line_is_named_and_the_lines_before_it_are_enqueued() {
    Shell.Ran ran = shell.reading("1\n\n2\n{x}\n3\n").run("enqueue", "--stream", "a");

    assertEquals(Exit.FAILED, ran.exit());
    assertTrue(ran.err().startsWith("quern: line 4: not JSON"), ran.err());
    assertTrue(ran.err().endsWith("; the lines before it are enqueued\n"), ran.err());
    assertEquals(List.of("2", "1"), jobs().stream().map(Job::payload).toList());
  }

  @Test
  void a_line_that_is_not_utf8_or_too_long_is_named() {
    byte[] latin = {'1', '\n', '"', (byte) 0xe9, '"', '\n'};
    byte[] lengthy = ("1\n\"" + "x".repeat(1 << 20) + "\"").getBytes(StandardCharsets.UTF_8);

    assertTrue(
        shell
            .reading(latin)
            .run("enqueue", "--stream", "a")
            .err()
            .startsWith("quern: line 2: not UTF-8"));
    assertTrue(
        shell
            .reading(lengthy)
            .run("enqueue", "--stream", "a")
            .err()
            .startsWith("quern: line 2: longer than 1,048,576 bytes"));
  }

  @Test
  void a_line_of_a_slow_stream_is_enqueued_before_the_next_one_comes() throws Exception {
    CountDownLatch handled = new CountDownLatch(1);
    PipedInputStream in = new PipedInputStream();
    try (Quern quern = Quern.open(shell.db())) {
      quern.handle("a", Integer.class, (_, _) -> handled.countDown()).start();
      Thread stream;
      try (PipedOutputStream typed = new PipedOutputStream(in)) {
        stream = Thread.ofPlatform().start(() -> stream(quern, in));
        typed.write("1\n".getBytes(StandardCharsets.UTF_8));
        typed.flush();

        assertTrue(handled.await(30, TimeUnit.SECONDS));
      }
      stream.join();
    }
  }

  private static void stream(Quern quern, PipedInputStream in) {
    try {
      new EnqueueStream(new LocalQueue(quern), order("a")).take(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  // ---- waiting

  @Test
  void waiting_prints_the_result() {
    try (Quern quern = Quern.open(shell.db())) {
      quern.handle("twice", Integer.class, (n, context) -> context.result(2 * n)).start();

      assertEquals("42\n", shell.ok("enqueue", "twice", "21", "--wait", "30s").out());
    }
  }

  @Test
  void waiting_for_a_job_that_fails_says_why_and_fails() {
    try (Quern quern = Quern.open(shell.db())) {
      quern.kinds().policy("bad", policy -> policy.maxAttempts(1));
      quern.handle(
          "bad",
          Object.class,
          (_, _) -> {
            throw new IllegalStateException("no grain");
          });
      quern.start();

      Shell.Ran ran = shell.run("enqueue", "bad", "--wait");

      assertEquals(Exit.FAILED, ran.exit());
      assertEquals("quern: job 1 failed: transient, IllegalStateException: no grain\n", ran.err());
    }
  }

  @Test
  void waiting_ends_when_the_time_is_up_and_says_why() {
    Shell.Ran ran = shell.run("enqueue", "a", "--wait", "10ms");

    assertEquals(Exit.TIMEOUT, ran.exit());
    assertTrue(ran.err().startsWith("quern: the time is up, job 1 has not ended: "), ran.err());
  }

  private static Order order(String kind) {
    return new Order(
        kind,
        "{}",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty());
  }
}
