package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Job;
import dev.quern.KindPolicy;
import dev.quern.Quern;
import dev.quern.json.Json;
import dev.quern.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkCommandTest {
  @TempDir private Path directory;
  private Shell shell;

  @BeforeEach
  void open() {
    shell = new Shell(directory.resolve("quern.db"));
  }

  private Job job(long id) {
    try (Quern quern = Quern.open(shell.db())) {
      return quern.jobs().get(id).orElseThrow();
    }
  }

  @Test
  void programs_do_the_jobs_of_their_kinds_until_none_is_left() {
    shell.ok("enqueue", "up", "\"é\"");
    shell.ok("enqueue", "down", "1", "--delay", "100ms");
    shell.ok("enqueue", "other");

    Shell.Ran ran =
        shell.ok("work", "--drain", "--exec", "up=printf \"%s!\" \"$1\"", "--exec", "down=cat");

    assertEquals(2, ran.lines().size());
    assertTrue(ran.err().endsWith("complete 2\n"), ran.err());
    assertEquals(Optional.of("\"é!\""), job(1).result());
    assertEquals(Optional.of("\"1\""), job(2).result());
    assertEquals("ready", job(3).state().label());
  }

  @Test
  void a_job_that_fails_is_tried_again_and_shows_in_the_exit_code() {
    shell.ok("enqueue", "bad");

    Shell.Ran ran =
        shell.run(
            "work", "--drain", "--exec", "bad=exit 3", "--attempts", "2", "--backoff", "10ms");

    assertEquals(Exit.FAILED, ran.exit());
    assertEquals(2, ran.lines().size());
    assertTrue(ran.lines().get(0).startsWith("retry     1  bad  "), ran.out());
    assertTrue(ran.lines().get(1).contains("exit_3"), ran.out());
  }

  @Test
  void its_events_in_json_are_a_line_each() {
    shell.ok("enqueue", "up");

    JsonObject event =
        (JsonObject) Json.parse(shell.ok("work", "--drain", "--exec", "up=true", "--json").out());

    assertEquals(Json.parse("\"1\""), event.get("id").orElseThrow());
    assertEquals(Json.parse("\"complete\""), event.get("event").orElseThrow());
    assertEquals(Json.parse("null"), event.get("failure").orElseThrow());
  }

  @Test
  void the_policy_is_kept_with_the_kind_and_only_what_was_said_changes() {
    shell.ok("enqueue", "up");
    shell.ok("work", "--drain", "--exec", "up=true", "--timeout", "5m", "--backoff", "2h");
    shell.ok("work", "--drain", "--exec", "up=true", "--attempts", "9");

    try (Quern quern = Quern.open(shell.db())) {
      KindPolicy policy = quern.kinds().get("up").policy();
      assertEquals(Optional.of(Duration.ofMinutes(5)), policy.timeout());
      assertEquals(Duration.ofHours(2), policy.backoff().base());
      assertEquals(9, policy.maxAttempts());
    }
  }

  @Test
  void what_is_no_kind_and_program_is_refused() {
    List.of("up", "=true", "up=", "up= ")
        .forEach(exec -> assertEquals(Exit.USAGE, shell.run("work", "--exec", exec).exit(), exec));
    assertEquals(Exit.USAGE, shell.run("work").exit());
    assertEquals(Exit.USAGE, shell.run("work", "--exec", "up=true", "--exec", "up=false").exit());
  }
}
