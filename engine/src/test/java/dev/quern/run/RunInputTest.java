package dev.quern.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.Quern;
import dev.quern.Run;
import dev.quern.RunLine;
import dev.quern.RunRefusedException;
import dev.quern.RunSpec;
import dev.quern.RunStatus;
import dev.quern.support.TestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What goes into the books of a run, and what is refused.
class RunInputTest {
  private static final RunSpec JSON = new RunSpec("sums", "sha256sum", "/data", true);

  @RegisterExtension final TestStore store = new TestStore();

  private List<String> payloads(Quern quern) {
    return quern.jobs().list(JobFilter.ALL.kind("run:sums")).jobs().stream()
        .map(Job::payload)
        .toList()
        .reversed();
  }

  private static String refusal(Runnable call) {
    return assertThrows(RunRefusedException.class, call::run).getMessage();
  }

  // ---- new lines

  @Test
  void each_line_becomes_a_job_whose_payload_is_the_line_as_a_string() {
    try (Life life = Life.in(store)) {
      life.take("a", "é \"b\"\r", "");

      assertEquals(List.of("\"a\"", "\"é \\\"b\\\"\\r\"", "\"\""), payloads(life.quern));
    }
  }

  @Test
  void a_line_of_json_is_the_payload_itself() {
    try (Life life = Life.in(store, JSON)) {
      life.take("{\"a\": 1}", "7");

      assertEquals(List.of("{\"a\": 1}", "7"), payloads(life.quern));
    }
  }

  @Test
  void lines_keep_their_numbers_over_batches() {
    List<String> lines = IntStream.rangeClosed(1, 2_500).mapToObj(Integer::toString).toList();

    try (Life life = Life.in(store)) {
      life.run.take(lines.subList(0, 10));
      life.run.take(lines.subList(10, 2_500));

      RunLine last = life.quern.runs().lines("sums", 2_499, 10).getFirst();
      assertEquals(2_500, last.line());
      assertEquals("\"2500\"", life.quern.jobs().get(last.jobId()).orElseThrow().payload());
      assertEquals(2_500, life.quern.runs().find("sums").orElseThrow().lines());
    }
  }

  @Test
  void a_line_may_be_as_long_as_an_argument_of_a_program() {
    try (Life life = Life.in(store)) {
      String longest = "é".repeat(65_535) + "a";

      assertDoesNotThrow(() -> life.take(longest));
      assertEquals(
          "line 2 of the input has 131,072 bytes: at most 131,071 are allowed; mend it and start"
              + " again: the lines before it are kept",
          refusal(() -> life.take(longest + "b")));
    }
  }

  @Test
  void a_line_with_nul_is_refused_with_its_number_and_those_before_it_stay() {
    try (Life life = Life.in(store)) {
      String refusal = refusal(() -> life.take("a", "b", "c\0", "d"));

      assertTrue(refusal.startsWith("line 3 of the input cannot be taken in: "), refusal);
      assertEquals(List.of("\"a\"", "\"b\""), payloads(life.quern));
      assertEquals(2, life.run.progress().lines());
    }
  }

  @Test
  void a_line_that_is_not_json_is_refused_with_the_position() {
    try (Life life = Life.in(store, JSON)) {
      String refusal = refusal(() -> life.take("{}", "{\"a\" 1}"));

      assertTrue(refusal.startsWith("line 2 of the input"), refusal);
      assertTrue(refusal.contains("position 5"), refusal);
    }
  }

  @Test
  void a_batch_that_cannot_be_written_leaves_no_trace() {
    try (Quern quern = store.manual(store.config().payloadLimit(10));
        Run run = quern.runs().open(Life.SPEC)) {
      assertThrows(
          IllegalArgumentException.class, () -> run.take(List.of("a", "more than ten bytes")));

      assertEquals(List.of(), payloads(quern));
      assertEquals(0, quern.runs().find("sums").orElseThrow().lines());
    }
  }

  // ---- lines that were taken in before

  @Test
  void what_was_taken_in_is_not_taken_in_twice() {
    try (Life first = Life.in(store)) {
      first.take("a", "b", "c");
    }

    try (Life second = Life.in(store)) {
      assertFalse(second.run.caughtUp());
      second.take("a", "b");
      assertFalse(second.run.caughtUp());
      second.take("c", "d");
      assertTrue(second.run.caughtUp());
      second.run.end();

      assertEquals(List.of("\"a\"", "\"b\"", "\"c\"", "\"d\""), payloads(second.quern));
    }
  }

  @Test
  void a_new_run_is_caught_up_from_the_start() {
    try (Life life = Life.in(store)) {
      assertTrue(life.run.caughtUp());
    }
  }

  @Test
  void a_run_whose_end_was_seen_is_caught_up_at_its_end() {
    try (Life first = Life.in(store)) {
      first.take("a").run.end();
    }

    try (Life second = Life.in(store)) {
      second.take("a");
      assertFalse(second.run.caughtUp());

      second.run.end();
      assertTrue(second.run.caughtUp());
    }
  }

  @Test
  void a_changed_line_is_refused_with_its_number() {
    try (Life first = Life.in(store)) {
      first.take("a", "b", "c");
    }

    try (Life second = Life.in(store)) {
      assertEquals(
          "run sums is another one: line 2 of the input is not the one it has taken in; start it as"
              + " before, or use another name, or let go of it with 'quern forget sums'",
          refusal(() -> second.take("a", "B", "c")));
    }
  }

  @Test
  void fewer_lines_than_were_taken_in_are_refused() {
    try (Life first = Life.in(store)) {
      first.take("a", "b", "c");
    }

    try (Life second = Life.in(store)) {
      second.take("a", "b");

      String refusal = refusal(second.run::end);
      assertTrue(
          refusal.contains("the input ends after line 2, but it has taken in 3 lines"), refusal);
    }
  }

  @Test
  void more_lines_after_the_end_that_was_seen_are_refused() {
    try (Life first = Life.in(store)) {
      first.take("a", "b").run.end();
    }

    try (Life second = Life.in(store)) {
      String refusal = refusal(() -> second.take("a", "b", "c"));

      assertTrue(refusal.contains("the input goes on after line 2, where it had ended"), refusal);
      assertEquals(List.of("\"a\"", "\"b\""), payloads(second.quern));
    }
  }

  @Test
  void more_lines_are_taken_in_if_no_end_was_seen() {
    try (Life first = Life.in(store)) {
      first.take("a");
    }

    try (Life second = Life.in(store)) {
      second.take("a", "b").run.end();

      assertTrue(second.quern.runs().find("sums").orElseThrow().complete());
    }
  }

  @Test
  void another_command_directory_or_form_is_refused() {
    try (Life first = Life.in(store)) {
      first.take("a");
    }

    Stream.of(
            new RunSpec("sums", "md5sum", "/data", false),
            new RunSpec("sums", "sha256sum", "/elsewhere", false),
            JSON)
        .forEach(other -> {
          String refusal = refusal(() -> Life.in(store, other));
          assertTrue(refusal.startsWith("run sums is another one: its "), refusal);
        });
  }

  @Test
  void a_run_that_has_taken_in_nothing_may_become_another_one() {
    Life.in(store).close();

    try (Life second = Life.in(store, JSON)) {
      assertEquals(JSON, second.quern.runs().find("sums").orElseThrow().spec());
    }
  }

  @Test
  void a_run_goes_on_without_its_input() {
    try (Life first = Life.in(store)) {
      first.take("a", "b");
    }

    try (Quern quern = store.manual();
        Run run = quern.runs().reopen("sums")) {
      assertTrue(run.caughtUp());
      assertEquals(Life.SPEC, run.spec());
    }
  }

  // ---- one at a time

  @Test
  void a_run_at_work_is_refused_with_the_process() {
    try (Life first = Life.in(store)) {
      first.take("a");

      assertEquals(
          "run sums is at work in process %d: wait until it ends, or stop it"
              .formatted(ProcessHandle.current().pid()),
          refusal(() -> Life.in(store)));
    }
  }

  @Test
  void an_engine_that_was_closed_is_at_no_run() {
    Life first = Life.in(store);
    first.quern.close();

    assertDoesNotThrow(() -> Life.in(store).close());
    assertDoesNotThrow(first::close);
  }

  @Test
  void a_run_that_was_taken_over_takes_nothing_in() throws SQLException {
    try (Life life = Life.in(store)) {
      life.take("a");
      life.run.verify();
      try (Connection connection = store.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("update quern_run set owner = 4711");
      }

      String refusal = "run sums was taken over by another process, and is left to it";
      assertEquals(refusal, refusal(life.run::verify));
      assertEquals(refusal, refusal(() -> life.take("b")));
      assertEquals(refusal, refusal(life.run::end));
      assertEquals(List.of("\"a\""), payloads(life.quern));
    }
  }

  @Test
  void runs_are_listed_with_their_process() {
    try (Life life = Life.in(store)) {
      life.take("a", "b");

      List<RunStatus> runs = life.quern.runs().list();

      assertEquals(1, runs.size());
      assertEquals(Life.SPEC, runs.getFirst().spec());
      assertEquals(2, runs.getFirst().lines());
      assertFalse(runs.getFirst().complete());
      assertEquals(ProcessHandle.current().pid(), runs.getFirst().pid().orElseThrow());
    }
    try (Quern quern = store.manual()) {
      assertTrue(quern.runs().find("sums").orElseThrow().pid().isEmpty());
    }
  }

  @Test
  void a_run_cannot_have_any_name() {
    for (String name : List.of("", "-a", "a b", "a\nb", "a/b", "x".repeat(101))) {
      assertThrows(
          IllegalArgumentException.class, () -> new RunSpec(name, "true", "/", false), name);
    }
    assertEquals("run:läufe.2_a-b", new RunSpec("läufe.2_a-b", "true", "/", false).kind());
  }
}
