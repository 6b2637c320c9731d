package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobFailedException;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.json.Json;
import dev.quern.json.JsonArray;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import dev.quern.json.JsonValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JobCommandsTest {
  @TempDir private Path directory;
  private Shell shell;

  @BeforeEach
  void open() {
    shell = new Shell(directory.resolve("quern.db"));
  }

  private static JsonObject object(String json) {
    return (JsonObject) Json.parse(json);
  }

  private static String text(JsonObject object, String name) {
    return object.get(name).map(value -> ((JsonString) value).value()).orElseThrow();
  }

  private static List<JsonValue> list(JsonObject object, String name) {
    return object.get(name).map(value -> ((JsonArray) value).elements()).orElseThrow();
  }

  /// Lets a handler fail the jobs of a kind for good.
  private void failAll(String kind) {
    failAll(kind, new IllegalStateException("the mill is broken"));
  }

  private void failAll(String kind, Exception fault) {
    try (Quern quern = Quern.open(shell.db())) {
      quern.kinds().policy(kind, policy -> policy.maxAttempts(1));
      quern.handle(
          kind,
          Object.class,
          (_, context) -> {
            context.log("about to fail");
            throw fault;
          });
      quern.start();
      for (var job : quern.jobs().list(dev.quern.JobFilter.ALL.kind(kind)).jobs()) {
        quern.jobs().await(job.id(), Duration.ofSeconds(30));
      }
    }
  }

  // ---- a database that is not there

  static Stream<String> commandsThatOnlyLook() {
    return Stream.of(
        "jobs",
        "show 1",
        "why 1",
        "retry 1",
        "retry --failed",
        "cancel 1",
        "stats",
        "kinds",
        "pause k",
        "resume k",
        "backup copy.db",
        "doctor",
        "work --exec k=true");
  }

  @ParameterizedTest
  @MethodSource("commandsThatOnlyLook")
  void a_missing_database_is_said_to_be_missing_and_not_made(String line) throws Exception {
    Shell.Ran ran = shell.run(line.split(" "));

    assertEquals(Exit.NOT_FOUND, ran.exit());
    assertEquals(
        "quern: no database %s: name one with --db, or create one with 'quern run' or 'quern enqueue'\n"
            .formatted(shell.db()),
        ran.err());
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(), files.toList());
    }
  }

  // ---- jobs

  @Test
  void jobs_are_listed_newest_first() {
    shell.ok("enqueue", "a", "1");
    shell.ok("enqueue", "b", "2");

    List<String> lines = shell.ok("jobs").lines();

    assertEquals(2, lines.size());
    assertTrue(lines.get(0).startsWith("2\tb\tready\t0\t"));
    assertTrue(lines.get(0).endsWith("\t2"));
    assertTrue(lines.get(1).startsWith("1\ta\tready\t0\t"));
  }

  @Test
  void filters_of_a_list_combine() {
    shell.ok("enqueue", "a", "1", "--tags", "red");
    shell.ok("enqueue", "a", "2", "--tags", "red", "--delay", "1h");
    shell.ok("enqueue", "b", "3", "--tags", "red");

    Shell.Ran ran = shell.ok("jobs", "--kind", "a", "--tag", "red", "--state", "ready");

    assertEquals(1, ran.lines().size());
    assertEquals("1", ran.fields().getFirst());
  }

  @Test
  void filters_of_a_list_take_several_values_and_exclude_others() {
    shell.ok("enqueue", "a", "1", "--dedupe", "k");
    shell.ok("enqueue", "b", "2");
    shell.ok("enqueue", "c", "3", "--delay", "1h");
    shell.ok("cancel", "1");

    assertEquals(List.of("2", "1"), ids("--kind", "a", "--kind", "b"));
    assertEquals(List.of("3", "2"), ids("--not-state", "cancelled"));
    assertEquals(List.of("3"), ids("--not-state", "cancelled", "--not-kind", "b"));
    assertEquals(List.of("2", "1"), ids("--state", "ready", "--state", "cancelled"));
    assertEquals(List.of("1"), ids("--key", "k"));
    assertEquals(List.of("3", "2", "1"), ids("--created-from", "2026-01-31T09:00:00Z"));
    assertEquals(List.of(), ids("--created-before", "2026-01-31T09:00:00Z"));
    Shell.Ran none = shell.run("jobs", "--state", "done", "--not-state", "done");
    assertEquals(1, none.err().lines().count());
    assertTrue(none.err().contains("no state is left"), none.err());
  }

  private List<String> ids(String... options) {
    List<String> words = new ArrayList<>(List.of("jobs"));
    words.addAll(List.of(options));
    return shell.ok(words.toArray(String[]::new)).lines().stream()
        .map(line -> line.split("\t")[0])
        .toList();
  }

  @Test
  void a_list_is_read_page_by_page_with_its_cursor() {
    Stream.of("1", "2", "3").forEach(payload -> shell.ok("enqueue", "a", payload));

    Shell.Ran first = shell.ok("jobs", "--limit", "2");
    String cursor = first.err().strip().replace("more: add --cursor ", "");
    Shell.Ran second = shell.ok("jobs", "--limit", "2", "--cursor", cursor);

    assertEquals(List.of("3", "2"), first.lines().stream().map(l -> l.split("\t")[0]).toList());
    assertEquals(List.of("1"), second.lines().stream().map(l -> l.split("\t")[0]).toList());
    assertEquals("", second.err());
  }

  @Test
  void a_cursor_that_is_none_is_refused_in_one_line() {
    shell.ok("enqueue", "a");

    Shell.Ran ran = shell.run("jobs", "--cursor", "frobnicate");

    assertEquals(Exit.FAILED, ran.exit());
    assertEquals(1, ran.err().lines().count());
  }

  @Test
  void jobs_in_json_are_one_document_with_the_cursor() {
    shell.ok("enqueue", "a", "{\"n\": [1]}");
    shell.ok("enqueue", "a");

    JsonObject page = object(shell.ok("jobs", "--json", "--limit", "1").out());
    JsonObject last =
        object(shell.ok("jobs", "--json", "--cursor", text(page, "nextCursor")).out());

    assertEquals(1, list(page, "data").size());
    JsonObject job = (JsonObject) list(last, "data").getFirst();
    assertEquals("1", text(job, "id"));
    assertEquals("ready", text(job, "state"));
    assertEquals(Json.parse("{\"n\":[1]}"), job.get("payload").orElseThrow());
    assertEquals(Json.parse("null"), last.get("nextCursor").orElseThrow());
  }

  @Test
  void an_unknown_state_gets_the_nearest_valid_one() {
    Shell.Ran ran = shell.run("jobs", "--state", "faild");

    assertEquals(Exit.USAGE, ran.exit());
    assertEquals("quern: --state: no state faild: did you mean failed?\n", ran.err());
  }

  @Test
  void a_job_that_failed_is_found_by_its_error_and_shows_it() {
    shell.ok("enqueue", "mill", "1");
    failAll("mill");

    assertTrue(shell.ok("jobs", "--error", "BROKEN").out().contains("the mill is broken"));
    assertEquals("no jobs\n", shell.ok("jobs", "--error", "other").err());
  }

  @Test
  void a_terminal_gets_a_table_with_relative_times_and_nothing_that_commands_it() {
    shell.ok("enqueue", "evil", "\"x\"", "--delay", "2h");
    try (Quern quern = Quern.open(shell.db())) {
      quern.enqueue(NewJob.json("evil\u001b[31m", "1"));
    }

    String out = shell.on(new Terminal(true, true, true, 60, false)).ok("jobs").out();

    assertTrue(out.startsWith("ID  KIND"), out);
    assertTrue(out.contains("in 1 h") || out.contains("in 2 h"), out);
    assertFalse(out.contains("\u001b"), out);
    out.lines().forEach(line -> assertTrue(Text.width(line) <= 60, line));
  }

  // ---- show, why

  @Test
  void show_prints_the_data_the_attempts_and_the_log_of_a_job() {
    shell.ok("enqueue", "mill", "{\"grain\":\"rye\"}", "--tags", "a,b", "--dedupe", "key");
    failAll("mill");

    String out = shell.ok("show", "1").out();

    assertTrue(out.startsWith("job 1  mill  failed\n"), out);
    assertTrue(out.contains("tags           a, b\n"), out);
    assertTrue(out.contains("dedupe key     key\n"), out);
    assertTrue(out.contains("{\"grain\":\"rye\"}"), out);
    assertTrue(out.contains("transient, IllegalStateException: the mill is broken"), out);
    assertTrue(out.contains("at dev.quern"), out);
    assertTrue(out.contains("about to fail"), out);
  }

  @Test
  void show_cuts_a_long_payload_on_a_terminal_only() {
    String payload = "\"" + "x".repeat(5_000) + "\"";
    shell.ok("enqueue", "a", payload);

    assertTrue(shell.ok("show", "1").out().contains(payload));
    String cut = shell.on(new Terminal(true, true, true, 80, false)).ok("show", "1").out();
    assertTrue(cut.contains("x… (--json has all 5,002 characters)"), cut);
  }

  @Test
  void show_in_json_has_the_history() {
    shell.ok("enqueue", "mill", "1");
    failAll("mill");

    JsonObject job = object(shell.ok("show", "1", "--json").out());

    JsonObject attempt = (JsonObject) list(job, "history").getFirst();
    assertEquals("failed", text(attempt, "outcome"));
    assertTrue(text((JsonObject) attempt.get("failure").orElseThrow(), "trace").contains("\tat "));
    assertEquals("about to fail", text((JsonObject) list(job, "log").getFirst(), "text"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "why", "cancel", "retry"})
  void an_unknown_job_is_not_found(String command) {
    shell.ok("enqueue", "a");

    Shell.Ran ran = shell.run(command, "99");

    assertEquals(Exit.NOT_FOUND, ran.exit());
    assertEquals("quern: no job 99: 'quern jobs' lists them\n", ran.err());
    assertEquals("", ran.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "why", "cancel", "retry"})
  void an_id_that_is_no_number_is_a_mistake(String command) {
    Shell.Ran ran = shell.run(command, "one");

    assertEquals(Exit.USAGE, ran.exit());
    assertTrue(ran.err().startsWith("quern: one is not the id of a job"), ran.err());
  }

  @Test
  void why_says_what_keeps_a_job_from_running() {
    shell.ok("enqueue", "a", "--delay", "1h");
    shell.ok("pause", "a", "--reason", "no wind");

    String out = shell.ok("why", "1").out();
    JsonObject json = object(shell.ok("why", "1", "--json").out());

    assertTrue(out.startsWith("job 1 is scheduled\n"), out);
    assertTrue(out.contains("no wind"), out);
    assertTrue(
        list(json, "reasons").stream()
            .anyMatch(reason -> text((JsonObject) reason, "code").equals("paused")));
  }

  // ---- cancel, retry

  @Test
  void cancelling_ends_a_job_and_a_second_time_is_a_conflict() {
    shell.ok("enqueue", "a");

    Shell.Ran first = shell.ok("cancel", "1", "--reason", "no more grain");
    Shell.Ran second = shell.run("cancel", "1");

    assertEquals("job 1 is cancelled\n", first.out());
    assertEquals(Exit.CONFLICT, second.exit());
    assertEquals("quern: job 1 had ended before\n", second.err());
    assertTrue(shell.ok("show", "1").out().contains("no more grain"));
  }

  @Test
  void the_jobs_that_can_be_cancelled_are_though_others_cannot() {
    shell.ok("enqueue", "a");

    Shell.Ran ran = shell.run("cancel", "99", "1", "--json");

    assertEquals(Exit.NOT_FOUND, ran.exit());
    assertEquals(
        List.of(
            "{\"id\":\"99\",\"result\":\"not_found\"}", "{\"id\":\"1\",\"result\":\"cancelled\"}"),
        ran.lines());
  }

  @Test
  void a_retried_job_is_ready_again() {
    shell.ok("enqueue", "a");
    shell.ok("cancel", "1");

    assertEquals("1 requeued\n", shell.ok("retry", "1").out());
    assertEquals("ready", shell.ok("jobs").fields().get(2));
  }

  @Test
  void a_job_that_has_not_ended_is_not_retried() {
    shell.ok("enqueue", "a");

    Shell.Ran ran = shell.run("retry", "1");

    assertEquals(Exit.CONFLICT, ran.exit());
    assertEquals("0 requeued\n", ran.out());
    assertTrue(ran.err().startsWith("job 1 is not: "), ran.err());
  }

  @Test
  void all_failed_jobs_of_a_kind_are_retried() {
    shell.ok("enqueue", "mill", "1");
    shell.ok("enqueue", "mill", "2");
    failAll("mill");

    assertEquals("0 requeued\n", shell.ok("retry", "--failed", "--kind", "other").out());
    assertEquals(
        "{\"requeued\":2,\"blockedCount\":0,\"unrecoverable\":0,\"blocked\":[]}\n",
        shell.ok("retry", "--failed", "--kind", "mill", "--json").out());
  }

  @Test
  void a_retry_of_the_recoverable_says_how_many_are_left() {
    shell.ok("enqueue", "mill", "1");
    shell.ok("enqueue", "mill", "2");
    failAll("mill");
    shell.ok("enqueue", "mill", "3");
    failAll("mill", JobFailedException.unrecoverable("no_grain", "there is no grain"));

    Shell.Ran ran = shell.ok("retry", "--failed", "--recoverable");

    assertEquals("2 requeued\n", ran.out());
    assertEquals("1 left as unrecoverable: without --recoverable they run again too\n", ran.err());
    assertEquals(
        "{\"requeued\":0,\"blockedCount\":0,\"unrecoverable\":1,\"blocked\":[]}\n",
        shell.ok("retry", "--failed", "--recoverable", "--json").out());
    assertEquals("", shell.ok("retry", "--failed").err());
  }

  @Test
  void retry_wants_ids_or_the_failed_ones_and_not_both() {
    assertEquals(Exit.USAGE, shell.run("retry").exit());
    assertEquals(Exit.USAGE, shell.run("retry", "1", "--failed").exit());
    assertEquals(Exit.USAGE, shell.run("retry", "1", "--recoverable").exit());
  }

  // ---- stats, kinds

  @Test
  void stats_count_by_kind_and_state() {
    shell.ok("enqueue", "a");
    shell.ok("enqueue", "a", "--delay", "1h");
    shell.ok("enqueue", "b");
    shell.ok("cancel", "3");

    assertEquals(
        List.of("a\t0\t1\t1\t0\t0\t0\t0", "b\t0\t0\t0\t0\t0\t0\t1"), shell.ok("stats").lines());
    JsonObject json = object(shell.ok("stats", "--json").out());
    assertEquals(
        Json.parse(
            """
            {"waiting":0,"scheduled":1,"ready":1,"running":0,"done":0,"failed":0,"cancelled":1}
            """),
        json.get("total").orElseThrow());
  }

  @Test
  void stats_on_a_terminal_leave_out_empty_states_and_add_a_total() {
    shell.ok("enqueue", "a");
    shell.ok("enqueue", "b");

    assertEquals(
        """
        KIND  READY
        a         1
        b         1
        all       2
        """,
        shell.on(new Terminal(true, true, true, 80, false)).ok("stats").out());
  }

  @Test
  void a_kind_is_paused_and_goes_on() {
    shell.ok("enqueue", "a");

    assertEquals("kind a is paused\n", shell.ok("pause", "a", "--reason", "no wind").out());
    assertTrue(shell.ok("kinds").out().contains("paused (no wind), "));
    assertEquals("kind a goes on\n", shell.ok("resume", "a").out());
    assertTrue(shell.ok("kinds").out().endsWith("\topen\n"));
    assertEquals(Exit.CONFLICT, shell.run("resume", "a").exit());
  }

  @Test
  void pause_and_resume_say_in_json_how_the_kind_is_now() {
    shell.ok("enqueue", "a");

    assertEquals("{\"kind\":\"a\",\"paused\":true}\n", shell.ok("pause", "a", "--json").out());
    assertEquals("{\"kind\":\"a\",\"paused\":false}\n", shell.ok("resume", "a", "--json").out());
  }

  @Test
  void a_kind_may_be_paused_before_its_first_job() {
    shell.ok("enqueue", "a");

    assertEquals("there is no job of kind b yet\n", shell.ok("pause", "b").err());
  }

  @Test
  void kinds_in_json_have_the_policy() {
    shell.ok("enqueue", "a");

    JsonArray kinds = (JsonArray) Json.parse(shell.ok("kinds", "--json").out());

    JsonObject kind = (JsonObject) kinds.elements().getFirst();
    assertEquals("a", text(kind, "kind"));
    assertEquals(Json.parse("60"), kind.get("backoffBaseSeconds").orElseThrow());
    assertEquals(Json.parse("null"), kind.get("timeoutSeconds").orElseThrow());
  }

  // ---- backup

  @Test
  void a_backup_is_a_database_with_the_same_jobs() {
    shell.ok("enqueue", "a", "\"é\"");
    Path copy = directory.resolve("copy.db");

    assertTrue(shell.ok("backup", copy.toString()).out().startsWith("wrote " + copy));

    assertEquals(shell.ok("jobs").out(), new Shell(copy).ok("jobs").out());
  }

  @Test
  void a_backup_says_in_json_where_it_is_and_how_long() throws Exception {
    shell.ok("enqueue", "a");
    Path copy = directory.resolve("copy.db");

    JsonObject json = object(shell.ok("backup", copy.toString(), "--json").out());

    assertEquals(copy.toString(), text(json, "file"));
    assertEquals(Json.parse("" + Files.size(copy)), json.get("bytes").orElseThrow());
  }

  @Test
  void a_backup_never_overwrites_a_file() throws Exception {
    shell.ok("enqueue", "a");
    Path copy = Files.writeString(directory.resolve("copy.db"), "precious");

    Shell.Ran ran = shell.run("backup", copy.toString());

    assertEquals(Exit.FAILED, ran.exit());
    assertEquals("quern: " + copy + " exists: name a new file\n", ran.err());
    assertEquals("precious", Files.readString(copy));
  }
}
