package dev.quern.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Quern;
import dev.quern.Run;
import dev.quern.RunLine;
import dev.quern.RunProgress;
import dev.quern.support.TestStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What comes out of a run: each end once.
class RunHarvestTest {
  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void each_end_is_given_once() {
    try (Life life = Life.in(store)) {
      life.take("a", "worse", "b").work();

      assertEquals(
          List.of("1 done \"did a\"", "2 failed worse", "3 done \"did b\""),
          life.ended().stream().sorted().toList());
      assertEquals(List.of(), life.ended());
    }
  }

  @Test
  void ends_are_given_in_the_order_of_ending() {
    try (Life life = Life.in(store)) {
      life.take("bad", "a").work();
      List<String> first = life.ended();
      store.clock.advance(Duration.ofHours(2));
      life.take("b").work();

      assertEquals(List.of("2 done \"did a\""), first);
      assertEquals(
          List.of("1 failed IllegalStateException", "3 done \"did b\""),
          life.ended().stream().sorted().toList());
    }
  }

  @Test
  void many_ends_in_one_millisecond_are_all_given() {
    String[] lines = IntStream.range(0, 1_500).mapToObj(Integer::toString).toArray(String[]::new);

    try (Life life = Life.in(store)) {
      life.take(lines).work();

      assertEquals(1_500, life.ended().stream().distinct().count());
    }
  }

  @Test
  void a_later_life_gives_only_what_ends_in_it() {
    try (Life first = Life.in(store)) {
      first.take("a", "bad").work();
    }
    store.clock.advance(Duration.ofHours(2));

    try (Life second = Life.in(store)) {
      second.take("a", "bad", "b").work();

      assertEquals(
          List.of("2 failed IllegalStateException", "3 done \"did b\""),
          second.ended().stream().sorted().toList());
      assertEquals(List.of("bad", "b"), second.handled.stream().sorted().toList().reversed());
    }
  }

  @Test
  void lines_come_in_their_order_as_long_as_they_have_ended() {
    try (Life life = Life.in(store)) {
      life.take("a", "bad", "b").work();
      List<String> first = life.inOrder();
      store.clock.advance(Duration.ofHours(2));
      life.work();

      assertEquals(List.of("1 done \"did a\""), first);
      assertEquals(List.of("2 failed IllegalStateException", "3 done \"did b\""), life.inOrder());
      assertEquals(List.of(), life.inOrder());
    }
  }

  @Test
  void a_later_life_gives_lines_in_their_order_from_the_first() {
    try (Life first = Life.in(store)) {
      first.take("a", "b").work();
      first.inOrder();
    }

    try (Life second = Life.in(store)) {
      second.take("a", "b", "c").work();

      assertEquals(
          List.of("1 done \"did a\"", "2 done \"did b\"", "3 done \"did c\""), second.inOrder());
    }
  }

  @Test
  void the_progress_counts_lines_by_their_ends() {
    try (Life first = Life.in(store)) {
      first.take("a").work();
    }

    try (Life second = Life.in(store)) {
      second.take("a", "b", "worse", "c").work();
      second.ended();

      assertEquals(new RunProgress(4, false, 3, 1, 0, 1, 0), second.run.progress());
    }
  }

  @Test
  void a_line_that_another_engine_cancels_is_given() {
    try (Life life = Life.in(store);
        Quern other = store.manual()) {
      life.take("a", "b").run.end();
      other.jobs().cancel(other.runs().lines("sums", 1, 1).getFirst().jobId(), "not wanted");
      life.work();

      assertEquals(
          List.of("1 done \"did a\"", "2 cancelled"), life.ended().stream().sorted().toList());
      assertTrue(life.run.finished());
      assertEquals(1, life.run.progress().cancelled());
    }
  }

  @Test
  void a_line_that_is_requeued_ends_again() {
    try (Life life = Life.in(store)) {
      life.take("a", "worse").work();
      life.ended();
      life.quern.jobs().requeue(life.quern.runs().lines("sums", 0, 1).getFirst().jobId());
      store.clock.advance(Duration.ofSeconds(1));
      life.work();

      assertEquals(List.of("1 done \"did a\""), life.ended());
      assertEquals(2, life.run.progress().ended());
      assertEquals(1, life.run.progress().done());
    }
  }

  @Test
  void a_failed_line_that_succeeds_after_a_requeue_has_not_failed() {
    List<String> failing = new ArrayList<>(List.of("once"));
    try (Quern quern = store.manual();
        Run run = quern.runs().open(Life.SPEC)) {
      quern.kinds().policy("run:sums", policy -> policy.maxAttempts(1));
      quern.handle("run:sums", String.class, (line, context) -> fail(failing.remove(line)));
      run.take(List.of("once"));
      quern.start().tick();
      run.nextEnded();
      assertEquals(1, run.progress().failed());

      quern.jobs().requeue(quern.runs().lines("sums", 0, 1).getFirst().jobId());
      quern.tick();
      run.nextEnded();

      assertEquals(0, run.progress().failed());
      assertEquals(1, run.progress().done());
    }
  }

  private static void fail(boolean fails) {
    if (fails) {
      throw new IllegalStateException("fails");
    }
  }

  @Test
  void a_run_is_finished_when_its_input_and_all_its_lines_have_ended() {
    try (Life life = Life.in(store)) {
      life.take("a", "bad");
      assertFalse(life.run.finished());
      life.work();
      life.run.end();
      life.ended();
      assertFalse(life.run.finished());

      store.clock.advance(Duration.ofHours(2));
      life.work();
      life.ended();

      assertTrue(life.run.finished());
    }
  }

  @Test
  void a_run_without_lines_is_finished_when_its_input_has_ended() {
    try (Life life = Life.in(store)) {
      assertFalse(life.run.finished());

      life.run.end();

      assertTrue(life.run.finished());
    }
  }

  @Test
  void a_run_whose_jobs_were_deleted_finishes_without_them() throws InterruptedException {
    try (Life life = Life.in(store)) {
      life.take("a", "b", "c").run.end();
      life.work();
      life.quern.jobs().delete(life.quern.runs().lines("sums", 1, 1).getFirst().jobId());

      assertEquals(
          List.of("1 done \"did a\"", "3 done \"did c\""), life.ended().stream().sorted().toList());
      life.run.await(Duration.ZERO);
      life.run.await(Duration.ZERO);
      assertFalse(life.run.finished());
      assertEquals(List.of("1 done \"did a\"", "3 done \"did c\""), life.inOrder());
      assertTrue(life.run.finished());
    }
  }

  @Test
  void pages_of_lines_are_cut_at_long_results() {
    String result = "\"" + "x".repeat(900_000) + "\"";
    try (Quern quern = store.manual();
        Run run = quern.runs().open(Life.SPEC)) {
      quern.handle("run:sums", String.class, (line, context) -> context.resultJson(result));
      run.take(IntStream.range(0, 20).mapToObj(Integer::toString).toList());
      quern.start().tick();

      List<Long> sizes = new ArrayList<>();
      long given = 0;
      for (List<RunLine> page = run.nextEnded(); !page.isEmpty(); page = run.nextEnded()) {
        sizes.add((long) page.size());
        given += page.size();
      }
      assertEquals(20, given);
      assertTrue(sizes.stream().allMatch(size -> size <= 5), sizes.toString());
      assertTrue(quern.runs().lines("sums", 0, 1_000).size() <= 5);
      assertEquals(20, quern.runs().lines("sums", 19, 1_000).getFirst().line());
    }
  }

  @Test
  void ends_are_found_without_a_scan() throws SQLException {
    Life.in(store).close();

    try (Connection connection = store.connect()) {
      String plan = plan(connection, RunLineTable.ENDED);

      assertTrue(plan.contains("SEARCH quern_job USING COVERING INDEX quern_job_ended"), plan);
      assertTrue(plan.contains("ended_at>?"), plan);
      assertFalse(plan.contains("B-TREE"), plan);
    }
  }

  private static String plan(Connection connection, String sql) throws SQLException {
    List<String> steps = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement("explain query plan " + sql);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        steps.add(rows.getString("detail"));
      }
    }
    return String.join("\n", steps);
  }

  @Test
  @Timeout(30)
  void waiting_ends_when_a_line_ends() throws InterruptedException {
    try (Quern quern = store.open();
        Run run = quern.runs().open(Life.SPEC)) {
      quern.handle("run:sums", String.class, (line, context) -> context.result(line));
      quern.start();
      run.take(List.of("a"));
      run.end();

      List<RunLine> lines = run.nextEnded();
      while (lines.isEmpty()) {
        run.await(Duration.ofDays(1));
        lines = run.nextEnded();
      }

      assertEquals("1 done \"a\"", Life.text(lines.getFirst()));
      assertTrue(run.finished());
    }
  }
}
