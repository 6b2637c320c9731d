package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Processes;
import dev.quern.support.Finding;
import dev.quern.support.Finding.Verdict;
import dev.quern.support.Mutant;
import dev.quern.support.Trust;
import dev.quern.trust.Ledger.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An engine under load, killed again and again at any moment: nothing that was acknowledged is
/// lost, and nothing is there that nobody asked for.
///
/// `-Dquern.seed=N` repeats a test, `-Dtrust=long` kills more often.
class KillIT {
  private static final int ROUNDS = Trust.size(1, 20);
  private static final int KILLS = Trust.size(12, 100);
  private static final int MOST_MILLIS = 600;

  /// How many kills may pass until the broken engine is found out.
  private static final int TEETH_KILLS = 40;

  private static final long SEED = Trust.seed("KillIT");

  @TempDir Path directory;

  private final long startedAt = System.nanoTime();
  private final Random random = new Random(SEED);

  @Test
  void nothing_acknowledged_is_lost_and_nothing_unexpected_is_there() throws Exception {
    Verdict verdict = Verdict.CLEAN;
    long acks = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Lives lives = new Lives(directory.resolve("round" + round), random);
      lives.startAndKill(KILLS, MOST_MILLIS);
      lives.liveToTheEnd();
      lives.compare();
      assertEquals(List.of(), lives.ledger().faults(), "seed " + SEED);
      assertEquals(Map.of(), lives.brokenRules());
      assertTrue(lives.ledger().acks() > 10 * KILLS, "too little was done: this proves nothing");
      assertTrue(lives.reruns() > 0, "no kill hit a handler: this proves nothing");
      assertTrue(lives.ledger().deleted() > 0, "no job was deleted: this proves nothing");
      verdict = verdict.plus(lives.verdict());
      acks += lives.ledger().acks();
    }
    new Finding(
            "KillIT",
            "kill -9 under load",
            (long) ROUNDS * KILLS,
            "%,d acknowledged jobs".formatted(acks),
            verdict,
            Long.toString(SEED),
            teeth())
        .tell(startedAt);
  }

  /// Kills an engine that answers a millisecond before it commits, until a job is lost.
  private String teeth() throws Exception {
    Path broken =
        Mutant.make(
            directory.resolve("mutant"),
            Processes.JAR.toString(),
            "store/Writer.java",
            "    attendant.finish(tx, !batch.isEmpty());\n    commit();",
            "    attendant.finish(tx, !batch.isEmpty());\n    batch.forEach(Request::succeed);\n"
                + "    LockSupport.parkNanos(1_000_000);\n    commit();");
    Lives lives = new Lives(directory.resolve("broken"), random, broken);
    lives.liveToTheEnd(); // makes the tables
    int kills = 0;
    while (lives.verdict().lost() == 0 && kills < TEETH_KILLS) {
      lives.startAndKill(1, MOST_MILLIS);
      lives.compareNow();
      kills++;
    }
    long lost = lives.verdict().lost();
    assertTrue(lost > 0, "an engine that answers before its commit was not found out");
    return "answers 1 ms before its commit: lost %d in %d kills".formatted(lost, kills);
  }

  // ---- the teeth

  private final Ledger ledger = new Ledger();

  private static final Row DONE = new Row(1, "a.done", "done", 1, "");

  private List<String> faults(List<Row> rows, String... lines) {
    List.of(lines).forEach(ledger::hear);
    ledger.compare(rows, List.of(), List.of());
    return ledger.faults();
  }

  @Test
  void what_is_as_it_was_told_is_right() {
    assertEquals(
        List.of(),
        faults(List.of(DONE), "try single a.done", "ack a.done 1 new", "run 1", "end 1 done"));
  }

  @Test
  void a_lost_job_is_found() {
    assertEquals(
        List.of("lost: a.done, job 1"), faults(List.of(), "try single a.done", "ack a.done 1 new"));
  }

  @Test
  void an_unexpected_job_is_found() {
    assertEquals(List.of("unexpected: a.done"), faults(List.of(DONE)));
  }

  @Test
  void a_duplicated_job_is_found() {
    Row twin = new Row(2, "a.done", "done", 1, "");

    assertEquals(List.of("duplicated: a.done"), faults(List.of(DONE, twin), "try single a.done"));
  }

  @Test
  void a_torn_batch_is_found() {
    assertEquals(
        List.of("torn: 1 of 2 with a.done"), faults(List.of(DONE), "try bulk a.done b.done"));
  }

  @Test
  void a_job_that_runs_after_its_end_is_found() {
    assertEquals(
        List.of("job 1 runs again after it was done"),
        faults(List.of(DONE), "try single a.done", "end 1 done", "run 1"));
  }

  @Test
  void a_charged_kill_a_missing_follow_up_and_a_missing_effect_are_found() {
    Row parent = new Row(1, "a.parent", "done", 2, "");
    Row self = new Row(2, "a.self", "done", 1, "");

    assertEquals(
        List.of(
            "a follow-up is missing or too much: a.parent",
            "a.parent is done 2, not done 1",
            "effects: 0, not 1 as there are jobs"),
        faults(List.of(parent, self), "try bulk a.parent a.self"));
  }
}
