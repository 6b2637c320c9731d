package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobDeferredException;
import dev.quern.JobFailedException;
import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.Rate;
import dev.quern.http.QuernServer;
import dev.quern.http.ServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands give the same with `--url` as with `--db`.
final class ServerCommandsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private Quern quern;
  private QuernServer server;
  private Shell local;
  private Shell remote;

  @BeforeEach
  void open() {
    Path db = directory.resolve("quern.db");
    quern = Quern.open(db);
    server = QuernServer.start(quern, ServerConfig.DEFAULT.port(0));
    local = new Shell(db);
    remote = new Shell(db).with("QUERN_DB", "").with("QUERN_URL", url());
  }

  @AfterEach
  void close() {
    server.close();
    quern.close();
  }

  private String url() {
    return "http://127.0.0.1:" + server.address().getPort();
  }

  // ---- a store with something of everything

  /// Jobs in every state that a command could show, with all they can have.
  private void fill() {
    quern.kinds().policy("mill", policy -> policy.maxAttempts(1).rate(Rate.perSecond(100)));
    quern.kinds().policy("odd/kind", policy -> policy.concurrency(2).timeout(PATIENCE));
    quern.handle(
        "mill",
        Object.class,
        (_, context) -> {
          context.progress(0.3, "grinding");
          context.log("about to\nfail");
          throw new IllegalStateException("the mill is broken: é");
        });
    quern.handle(
        "never",
        Object.class,
        (_, _) -> {
          throw JobFailedException.unrecoverable("rotten", "no good");
        });
    quern.handle(
        "later",
        Object.class,
        (_, _) -> {
          throw new JobDeferredException(Duration.ofHours(2), "not now");
        });
    quern.handle("ok", Object.class, (_, context) -> context.result(List.of(1, "two")));
    quern.enqueue(
        NewJob.json("mill", "{ \"to\" : [1.50, \"\\u00e9\\\"}]\", null, {}],\n\"b\": {\"c\": []} }")
            .tags("x", "y")
            .priority(-7)
            .affinityKey("near")
            .dedupeKey("one")
            .maxAttempts(1));
    quern.enqueue(NewJob.json("never", "null"));
    quern.enqueue(NewJob.json("later", "\"text\""));
    quern.enqueue(NewJob.json("ok", " [ 1 , 2 ] "));
    quern.enqueue(NewJob.json("odd/kind", "true").delay(Duration.ofDays(1)).requires("gpu"));
    quern.enqueue(NewJob.json("ready", "{}"));
    quern.start();
    for (long id : List.of(1L, 2L, 4L)) {
      quern.jobs().await(id, PATIENCE).orElseThrow();
    }
    while (quern.jobs().attempts(3).isEmpty()) {
      Thread.onSpinWait();
    }
    quern.kinds().pause("ready", "no\twind");
  }

  private void assertSame(Shell.Ran expected, Shell.Ran actual) {
    assertEquals(expected.out(), actual.out());
    assertEquals(expected.err(), actual.err());
    assertEquals(expected.exit(), actual.exit());
  }

  private void assertSame(String line) {
    List<String> words = Shell.split(line);
    assertSame(local.run(words.toArray(String[]::new)), remote.run(words.toArray(String[]::new)));
  }

  // ---- looking

  static Stream<String> looks() {
    List<String> lines = new ArrayList<>();
    for (String line :
        List.of(
            "jobs",
            "jobs --state failed --error MILL",
            "jobs --tag x --kind mill",
            "jobs --limit 2",
            "jobs --state waiting",
            "jobs --not-state done --kind mill --kind odd/kind",
            "jobs --state done --state failed --not-kind ready",
            "jobs --key k --created-from 2020-01-31T09:00:00Z",
            "jobs --created-before 2020-01-31T09:00:00Z",
            "show 1",
            "show 2",
            "show 3",
            "show 4",
            "show 5",
            "show 99",
            "why 1",
            "why 5",
            "why 6",
            "why 99",
            "stats",
            "kinds",
            "token list",
            "tenant list",
            "tenant show acme",
            "tenant show nobody")) {
      lines.add(line);
      lines.add(line + " --json");
    }
    return lines.stream();
  }

  @Test
  void a_look_at_a_server_shows_what_a_look_at_its_database_shows() {
    fill();
    local.ok("tenant", "create", "acme", "--name", "Acme é", "--live-jobs", "9");
    local.ok("tenant", "create", "zeta");
    local.ok("tenant", "suspend", "zeta");
    local.ok("token", "create", "one", "--permissions", "worker,jobs:read", "--tenant", "acme");
    local.ok("token", "create", "two", "--permissions", "admin", "--expires", "1h");

    looks().forEach(this::assertSame);
    assertTrue(remote.ok("show", "1").out().contains("{ \"to\" : [1.50"), "as it was written");
  }

  @Test
  void a_terminal_shows_the_same_too() {
    fill();
    Terminal terminal = new Terminal(true, true, true, 90, true);
    local.on(terminal);
    remote.on(terminal);

    for (String line : List.of("stats", "kinds --json", "jobs --state waiting")) {
      assertSame(line);
    }
  }

  @Test
  void a_list_goes_on_at_the_cursor_of_either() {
    fill();
    String cursor = remote.ok("jobs", "--limit", "2").err().replaceAll("more: add --cursor ", "");

    assertSame("jobs --limit 2 --cursor " + cursor.strip());
  }

  // ---- changing

  @Test
  void a_job_is_enqueued_with_all_that_is_special_about_it() {
    String[] words = {
      "enqueue",
      "a",
      "{\"é\":[1.0]}",
      "--priority",
      "-3",
      "--at",
      "2099-01-31T09:00:00Z",
      "--dedupe",
      "k",
      "--affinity",
      "near",
      "--requires",
      "b,a",
      "--tags",
      "y,x",
      "--attempts",
      "4"
    };

    assertEquals("1\n", remote.ok(words).out());
    words[8] = "k2";
    assertEquals("2\n", local.ok(words).out());
    String first = local.ok("show", "1", "--json").out();
    String second = local.ok("show", "2", "--json").out();
    assertEquals(timeless(second).replace("\"k2\"", "\"k\""), timeless(first));
  }

  private static String timeless(String shown) {
    return shown.replaceAll("\"createdAt\":\"[^\"]*\"", "").replaceFirst("\"id\":\"\\d\"", "");
  }

  @Test
  void a_second_job_with_a_dedupe_key_is_told_of_alike() {
    remote.ok("enqueue", "a", "--dedupe", "k");

    assertSame("enqueue a --dedupe k");
    assertSame("enqueue a --dedupe k --json");
  }

  @Test
  void a_delay_counts_by_the_clock_of_the_server() {
    remote.ok("enqueue", "a", "--delay", "2h");

    var job = quern.jobs().get(1).orElseThrow();
    assertEquals(Duration.ofHours(2), Duration.between(job.createdAt(), job.availableAt()));
  }

  @Test
  void a_stream_is_enqueued_in_its_order_however_long_it_is() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 2_500; i++) {
      lines
          .append("{\"n\":")
          .append(i)
          .append(",\"text\":\"")
          .append("é".repeat(600))
          .append("\"}\n\n");
    }

    Shell.Ran ran = remote.reading(lines.toString()).ok("enqueue", "--stream", "a", "--tags", "t");

    assertEquals("2500 enqueued\n", ran.out());
    assertTrue(quern.jobs().get(1).orElseThrow().payload().startsWith("{\"n\":0,"));
    assertTrue(quern.jobs().get(2_500).orElseThrow().payload().startsWith("{\"n\":2499,"));
    assertEquals(List.of("t"), quern.jobs().get(2_500).orElseThrow().tags());
  }

  @Test
  void the_longest_payload_goes_to_a_server_too() {
    String payload = "\"" + "x".repeat((1 << 20) - 2) + "\"";

    assertEquals("1\n", remote.reading(payload).ok("enqueue", "a", "-").out());
    assertEquals("1 enqueued\n", remote.reading(payload).ok("enqueue", "--stream", "a").out());
  }

  @Test
  void a_line_that_is_not_json_ends_a_stream_after_the_lines_before_it() {
    Shell.Ran ran = remote.reading("1\n2\nnonsense\n").run("enqueue", "--stream", "a");

    assertEquals(Exit.FAILED, ran.exit());
    assertTrue(ran.err().startsWith("quern: line 3: "), ran.err());
    assertEquals(2, quern.jobs().list(JobFilter.ALL).jobs().size());
  }

  @Test
  void a_stream_that_a_server_refuses_says_at_which_line() {
    local.ok("tenant", "create", "acme", "--live-jobs", "1");
    String token =
        local
            .ok("token", "create", "a", "--permissions", "jobs:write", "--tenant", "acme")
            .out()
            .strip();

    Shell.Ran ran =
        remote.with("QUERN_TOKEN", token).reading("1\n2\n").run("enqueue", "--stream", "a");

    assertEquals(Exit.FAILED, ran.exit());
    assertTrue(ran.err().startsWith("quern: line 1: "), ran.err());
    assertTrue(ran.err().endsWith("; the lines before it are enqueued\n"), ran.err());
    assertFalse(ran.err().contains(token));
  }

  @Test
  void a_job_is_waited_for_and_its_result_printed() {
    fill();

    assertSame("enqueue ok --wait 30s");
    assertEquals("[1,\"two\"]\n", remote.ok("enqueue", "ok", "--wait").out());
    Shell.Ran failed = remote.run("enqueue", "never", "--wait", "30s");
    assertEquals(Exit.FAILED, failed.exit());
    assertTrue(failed.err().contains("failed: unrecoverable, rotten: no good"), failed.err());
  }

  @Test
  void a_wait_that_is_over_says_what_keeps_the_job() {
    quern.kinds().pause("a", "no wind");

    Shell.Ran ran = remote.run("enqueue", "a", "--wait", "1s");

    assertEquals(Exit.TIMEOUT, ran.exit());
    assertEquals(
        local.run("enqueue", "a", "--wait", "1ms").err().replace("job 2", "job 1"), ran.err());
  }

  @Test
  void jobs_are_cancelled_alike() {
    local.ok("enqueue", "a");
    local.ok("enqueue", "a");

    assertEquals(
        local.ok("cancel", "1", "--reason", "why\nnot").out().replace("1", "2"),
        remote.ok("cancel", "2", "--reason", "why\nnot").out());
    assertEquals(
        quern.jobs().get(1).orElseThrow().note(), quern.jobs().get(2).orElseThrow().note());
    assertSame("cancel 1 2 77");
    assertSame("cancel 1 77 --json");
  }

  @Test
  void a_running_job_is_asked_to_stop() throws InterruptedException {
    var running = new CountDownLatch(1);
    quern.handle(
        "slow",
        Object.class,
        (_, _) -> {
          running.countDown();
          Thread.sleep(PATIENCE);
        });
    quern.start();
    local.ok("enqueue", "slow");
    running.await();

    assertEquals("job 1 is running and has been asked to stop\n", remote.ok("cancel", "1").out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"retry 6 1 99", "retry 6", "retry 6 --json", "retry"})
  void retries_are_refused_alike(String line) {
    fill();

    assertSame(line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--recoverable", "--kind never", "--kind a --json", "--json"})
  void failed_jobs_are_retried_alike(String options) {
    quern.kinds().policy("a", policy -> policy.maxAttempts(1));
    quern.handle(
        "a",
        Object.class,
        (_, _) -> {
          throw new IllegalStateException("broken");
        });
    quern.handle(
        "never",
        Object.class,
        (_, _) -> {
          throw JobFailedException.unrecoverable("rotten", "no good");
        });
    quern.enqueue(NewJob.json("a", "1").dedupeKey("k"));
    quern.enqueue(NewJob.json("a", "2"));
    quern.enqueue(NewJob.json("never", "3"));
    quern.start();
    awaitFailed(3);
    quern.enqueue(NewJob.json("later", "4").dedupeKey("k"));

    Shell.Ran first = local.run(("retry --failed " + options).strip().split(" "));
    awaitFailed(3);
    Shell.Ran second = remote.run(("retry --failed " + options).strip().split(" "));

    assertSame(first, second);
  }

  private void awaitFailed(int jobs) {
    while (quern.jobs().counts().of(JobState.FAILED) < jobs) {
      Thread.onSpinWait();
    }
  }

  @Test
  void one_job_is_retried() {
    fill();

    assertEquals("1 requeued\n", remote.ok("retry", "4").out());
    assertEquals(1, quern.jobs().get(4).orElseThrow().requeues());
  }

  @Test
  void kinds_are_paused_and_go_on_alike() {
    for (String json : List.of("", " --json")) {
      assertSameBut("pause 'KIND :c' --reason 'no wind'" + json);
      assertSame("pause 'local :c'" + json);
      assertSameBut("resume 'KIND :c'" + json);
      assertSame("resume 'local :c'" + json);
    }
    assertTrue(quern.kinds().get("remote :c").pausedAt().isEmpty());
  }

  /// Runs a line on two kinds of a name.
  private void assertSameBut(String line) {
    String[] first = Shell.split(line.replace("KIND", "local")).toArray(String[]::new);
    String[] second = Shell.split(line.replace("KIND", "remote")).toArray(String[]::new);
    Shell.Ran expected = local.run(first);
    assertSame(
        new Shell.Ran(
            expected.exit(),
            expected.out().replace("local", "remote"),
            expected.err().replace("local", "remote")),
        remote.run(second));
  }

  // ---- tokens and tenants

  @Test
  void a_token_made_at_a_server_is_good_there() {
    local.ok("tenant", "create", "acme");

    Shell.Ran made =
        remote.ok(
            "token",
            "create",
            "w",
            "--permissions",
            "jobs:read",
            "--tenant",
            "acme",
            "--expires",
            "1h");

    String token = made.out().strip();
    assertTrue(token.matches("quern_\\w+"), made.out());
    assertFalse(made.err().contains(token), made.err());
    var known = quern.access().tokens().check(token).orElseThrow();
    assertEquals("acme", known.tenant().orElseThrow());
    assertEquals(
        Duration.ofHours(1).toSeconds(),
        Duration.between(known.createdAt(), known.expiresAt().orElseThrow())
            .plusMillis(500)
            .toSeconds());
    assertTrue(made.err().contains(known.id()));
  }

  @Test
  void tenants_are_created_suspended_and_resumed_alike() {
    assertEquals("tenant a is created\n", local.ok("tenant", "create", "a").out());
    assertEquals("tenant b is created\n", remote.ok("tenant", "create", "b").out());
    for (String line :
        List.of(
            "tenant create a",
            "tenant suspend a",
            "tenant suspend a --json",
            "tenant resume a",
            "tenant suspend nobody",
            "tenant list --json",
            "token revoke nobody",
            "token revoke quern_abc_def")) {
      assertSame(line);
    }
  }

  @Test
  void a_token_is_revoked_and_a_second_time_too() {
    String made = local.ok("token", "create", "a", "--permissions", "worker", "--json").out();
    String id = made.replaceAll(".*\"id\":\"([^\"]+)\".*\n", "$1");

    assertEquals("token " + id + " is revoked\n", remote.ok("token", "revoke", id).out());
    assertSame("token revoke " + id);
    assertSame("token revoke " + id + " --json");
    assertTrue(quern.access().tokens().get(id).orElseThrow().revokedAt().isPresent());
  }
}
