package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.it.Processes;
import dev.quern.it.Processes.Ended;
import dev.quern.it.Running;
import dev.quern.support.Finding;
import dev.quern.support.Finding.Verdict;
import dev.quern.support.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs that harm the process they run in. Others make progress, each poison ends within its budget
/// and says why, and no slot is lost. A supervisor starts the process again when it dies.
class PoisonIT {
  /// What takes the process down.
  private static final List<String> LETHAL = List.of("exit", "halt");

  private static final List<String> POISONS =
      List.of(
          "stack",
          "compute",
          "deaf",
          "deadlock",
          "error",
          "silent",
          "mute",
          "endless",
          "novel",
          "large",
          "flood",
          "meddle",
          "memory");

  private static final int GOOD = Trust.size(40, 4_000);
  private static final int ROUNDS = Trust.size(1, 20);

  /// A job may take its process down six times; two of them seldom do so together.
  private static final int MOST_LIVES = 16;

  @TempDir Path directory;

  private final long startedAt = System.nanoTime();

  @Test
  void poison_ends_within_its_budget_and_others_make_progress() throws Exception {
    long lives = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (Crew crew = crew("right" + round)) {
        enqueue(crew, GOOD, LETHAL);
        supervise(crew);
        lives += crew.members().size();
        enqueue(crew, GOOD, POISONS);
        Running last = crew.start(PoisonApp.class);
        assertEquals(0, last.end().exit(), last.err());
        assertEnded(crew);
        assertTrue(Crew.stat(last, "slots").endsWith(" true"), Crew.stat(last, "slots"));
      }
    }
    new Finding(
            "PoisonIT",
            "handlers that do " + String.join(", ", LETHAL) + ", " + String.join(", ", POISONS),
            (long) ROUNDS * (LETHAL.size() + POISONS.size()),
            "%d lives of the process, %,d other jobs".formatted(lives, 2 * ROUNDS * GOOD),
            Verdict.CLEAN,
            "-",
            teeth())
        .tell(startedAt);
  }

  private Crew crew(String name) throws Exception {
    return new Crew(directory.resolve(name))
        .flags("-Xmx96m", "-Djdk.virtualThreadScheduler.parallelism=4");
  }

  private static void enqueue(Crew crew, int good, List<String> poisons) {
    try (Quern quern = Quern.open(crew.database())) {
      for (int i = 0; i < good; i++) {
        quern.enqueue(NewJob.of(PoisonApp.GOOD, "x"));
        if (i < poisons.size()) {
          quern.enqueue(NewJob.of(PoisonApp.POISON, poisons.get(i)));
        }
      }
    }
  }

  /// Starts the process again and again until it has nothing left to do.
  private static void supervise(Crew crew) throws Exception {
    while (true) {
      Running member = crew.start(PoisonApp.class);
      Ended ended = member.end();
      if (ended.exit() == 0) {
        return;
      }
      assertTrue(Set.of(3, 4).contains(ended.exit()), ended.exit() + ": " + ended.err());
      assertTrue(crew.members().size() < MOST_LIVES, "the poison takes it down again and again");
    }
  }

  private static final String NOT_DONE =
      """
      select state || ' ' || losses from quern_job join quern_lane on quern_lane.id = lane
       where kind = 'good' and state <> 'done'
      """;

  private static final String POISONED =
      """
      select payload ->> '$' || ' ' || state || ' ' || attempts || ' ' || losses
        from quern_job join quern_lane on quern_lane.id = lane
       where kind = 'poison'
      """;

  /// What took the process down has spent its losses, all else its attempts, and each says why.
  private static void assertEnded(Crew crew) throws Exception {
    Set<String> expected = new TreeSet<>();
    LETHAL.forEach(poison -> expected.add(poison + " failed 0 6"));
    POISONS.forEach(poison -> expected.add(poison + " failed 2 0"));
    assertEquals(expected, new TreeSet<>(crew.texts(POISONED)));
    assertEquals(List.of(), crew.texts(NOT_DONE), "not all good jobs were done");
    try (Quern quern = Quern.open(crew.database())) {
      for (Books.Row row : crew.rows()) {
        Job job = quern.jobs().get(row.id()).orElseThrow();
        assertTrue(job.state() != JobState.FAILED || job.failure().isPresent());
        // What meets is left running, and nobody handles the litter of one that enqueues.
        boolean asked = List.of(PoisonApp.GOOD, PoisonApp.POISON).contains(job.kind());
        String why = quern.jobs().why(job.id()).orElseThrow().reasons().getFirst().code();
        assertTrue(!asked || why.equals("ended"), job.kind() + " " + why);
      }
    }
  }

  // ---- handlers that compute

  /// Handlers that only compute leave no processor to other handlers of their process; what it has
  /// claimed is given back, and another process does it.
  @Test
  void handlers_that_compute_for_ever_do_not_keep_the_jobs_of_others() throws Exception {
    String guard = "attempt.claimedAt() < late";
    try (Crew right = narrow("narrow");
        Crew broken =
            narrow("broken").without("core/Pool.java", guard, "attempt.claimedAt() < 0")) {
      for (Crew crew : List.of(right, broken)) {
        starve(crew);
      }
      for (Crew crew : List.of(right, broken)) {
        crew.start(PoisonApp.class);
      }
      Processes.await("the other to do all", () -> left(right) == 0);
      assertTrue(left(broken) > 0, "nothing was kept: this proves nothing");
      new Finding(
              "PoisonIT compute",
              "a handler that computes for ever in a process with one carrier thread",
              1,
              "20 other jobs",
              Verdict.CLEAN,
              "-",
              "unless they are given back, " + left(broken) + " of 20 jobs stayed where they were")
          .tell(startedAt);
    }
  }

  private Crew narrow(String name) throws Exception {
    return new Crew(directory.resolve(name))
        .flags(
            "-Djdk.virtualThreadScheduler.parallelism=1",
            "-Djdk.virtualThreadScheduler.maxPoolSize=1");
  }

  private static void starve(Crew crew) throws Exception {
    try (Quern quern = Quern.open(crew.database())) {
      quern.enqueue(NewJob.of(PoisonApp.POISON, "compute").maxAttempts(1));
    }
    Running first = crew.start(PoisonApp.class);
    Processes.await("the poison", () -> Crew.says(first, "taken compute"));
    try (Quern quern = Quern.open(crew.database())) {
      for (int i = 0; i < 20; i++) {
        quern.enqueue(NewJob.of(PoisonApp.GOOD, "x"));
      }
    }
    Processes.await("claims", () -> running(crew) > 1);
  }

  private static long left(Crew crew) {
    return ask(crew, "select count(*) from quern_job where state <> 'done' and payload = '\"x\"'");
  }

  private static long running(Crew crew) {
    return ask(
        crew, "select count(*) from quern_job where state = 'running' and payload = '\"x\"'");
  }

  private static long ask(Crew crew, String sql) {
    try {
      return crew.number(sql);
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- programs

  /// Line 3 kills whoever started it, three times; line 4 leaves processes behind; line 5 prints
  /// more than is kept.
  private static final String PROGRAM =
      """
      case $1 in
        3) echo x >> kills; [ "$(wc -l < kills)" -gt 3 ] || kill -9 "$PPID" ;;
        4) for i in 1 2 3 4 5 6 7 8 9 10; do sleep 20 > /dev/null 2>&1 & done ;;
        5) head -c 20000000 /dev/zero | tr '\\0' x; exit 0 ;;
      esac
      echo "$1"
      """;

  @Test
  void programs_that_kill_their_parent_are_not_charged_and_others_make_progress() throws Exception {
    Ended ended;
    int lives = 0;
    do {
      ended =
          Processes.run(
              directory,
              "1\n2\n3\n4\n5\n6\n",
              Processes.quern("run", "r", "--jobs", "2", "--keep-order", "--exec", PROGRAM));
      lives++;
    } while (ended.exit() == 137 && lives < 10);

    assertEquals(0, ended.exit(), ended.err());
    assertEquals(4, lives);
    String results = Processes.run(directory, "", Processes.quern("results", "r")).out();
    assertEquals("1\n2\n3\n4\n6\n", results.replaceAll("x+", ""));
    assertTrue(Files.size(directory.resolve("kills")) > 0);
  }

  // ---- the teeth

  /// Without a limit for losses the poison takes its process down for ever.
  private String teeth() throws Exception {
    String guard = "if (spent.losses() > policy.maxLosses()) {";
    try (Crew crew =
        crew("unlimited").without("core/Ends.java", guard, "if (spent.losses() > 1_000_000) {")) {
      enqueue(crew, 1, List.of("halt"));
      for (int life = 0; life < 7; life++) {
        assertEquals(4, crew.start(PoisonApp.class).end().exit());
      }
      assertEquals(
          1, crew.number("select count(*) from quern_job where losses = 7 or state = 'running'"));
      return "without a limit a job took its process down 7 times and is still alive";
    }
  }
}
