package dev.quern.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ClaimRequest;
import dev.quern.Counts;
import dev.quern.JobState;
import dev.quern.Lease;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.RunRefusedException;
import dev.quern.RunStatus;
import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How a run is let go of, and that nothing else lets go of it.
class RunForgetTest {
  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void a_forgotten_run_leaves_no_jobs_and_its_name_is_free() {
    String[] lines = IntStream.range(0, 1_200).mapToObj(Integer::toString).toArray(String[]::new);
    try (Life life = Life.in(store)) {
      life.take(lines).work().take("ready", "bad");
    }

    try (Quern quern = store.manual()) {
      assertEquals(1_202, quern.runs().forget("sums"));

      assertEquals(new Counts(Map.of()), quern.jobs().counts());
      assertTrue(quern.runs().find("sums").isEmpty());
    }
    try (Life again = Life.in(store)) {
      again.take("other").work();
      assertEquals("1 done \"did other\"", again.ended().getFirst());
    }
  }

  @Test
  void other_jobs_are_not_forgotten() {
    try (Life life = Life.in(store)) {
      life.take("a");
      life.quern.enqueue(NewJob.json("other", "1"));
    }

    try (Quern quern = store.manual()) {
      quern.runs().forget("sums");

      assertEquals(1, quern.jobs().counts().of(JobState.READY));
    }
  }

  @Test
  void a_run_at_work_is_not_forgotten() {
    try (Life life = Life.in(store);
        Quern other = store.manual()) {
      life.take("a");

      String refusal =
          assertThrows(RunRefusedException.class, () -> other.runs().forget("sums")).getMessage();

      assertTrue(refusal.startsWith("run sums is at work in process "), refusal);
      assertEquals(1, other.runs().find("sums").orElseThrow().lines());
    }
  }

  @Test
  void a_run_that_was_forgotten_in_part_is_a_run_of_fewer_lines() {
    String[] lines = IntStream.range(0, 1_200).mapToObj(Integer::toString).toArray(String[]::new);
    try (Life life = Life.in(store)) {
      life.take(lines).run.end();
    }
    Quern other = store.manual();
    Lease working = other.claim(ClaimRequest.of("run:sums")).getFirst();

    assertEquals(
        "a line of run sums is still worked on: try again when it has ended",
        assertThrows(RunRefusedException.class, () -> other.runs().forget("sums")).getMessage());

    RunStatus left = other.runs().find("sums").orElseThrow();
    assertEquals(200, left.lines());
    assertFalse(left.complete());
    working.complete();
    try (Life again = Life.in(store)) {
      again.take(lines).work().run.end();
      assertEquals(1_199, again.handled.size());
    }
  }

  @Test
  void an_unknown_run_is_not_forgotten() {
    try (Quern quern = store.manual()) {
      assertEquals(
          "there is no run sums: 'quern runs' lists the runs of this database",
          assertThrows(RunRefusedException.class, () -> quern.runs().forget("sums")).getMessage());
    }
  }

  @Test
  void retention_leaves_the_lines_of_a_run_alone() {
    try (Life life = Life.in(store)) {
      life.take("a", "worse").work();
      store.clock.advance(Duration.ofDays(1_000));
      life.work();

      assertEquals(2, life.quern.runs().lines("sums", 0, 10).size());
    }
  }
}
