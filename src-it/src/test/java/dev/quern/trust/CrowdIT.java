package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Processes;
import dev.quern.it.Running;
import dev.quern.support.Finding;
import dev.quern.support.Trust;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several processes on one file, each of which enqueues, claims and completes at full speed, and
/// beside them an application that writes to a table of its own.
///
/// `-Dquern.seed=N` repeats what they enqueue, `-Dtrust=long` lets them go on for longer.
class CrowdIT {
  private static final int SECONDS = Trust.size(3, 120);
  private static final int TEETH_SECONDS = 1;
  private static final List<Integer> PROCESSES = Trust.LONG ? List.of(2, 4, 8) : List.of(4);

  @TempDir Path directory;

  private final long seed = Trust.seed("CrowdIT");

  @Test
  void several_processes_share_a_file() throws Exception {
    for (int processes : PROCESSES) {
      share(processes, PROCESSES.size() == 1 ? "CrowdIT" : "CrowdIT " + processes);
    }
  }

  private void share(int processes, String test) throws Exception {
    long startedAt = System.nanoTime();
    try (Crew crew = new Crew(directory.resolve("right" + processes))) {
      Running neighbour = run(crew, processes, SECONDS);
      crew.finish();

      Books books = crew.compare();
      assertEquals(List.of(), books.faults(), "seed " + seed);
      assertEquals(0, books.busy(), "somebody waited for longer than the busy timeout");
      assertEquals(wrote(neighbour), crew.number("select count(*) from app_note"));
      crew.members().remove(neighbour);
      String shares = shares(crew);
      tell(test, startedAt, crew, books, shares, neighbour);
    }
  }

  private Running run(Crew crew, int processes, int seconds) throws Exception {
    for (int i = 0; i < processes; i++) {
      crew.start(
          CrewApp.class,
          "name=p" + i,
          "seed=" + seed + i,
          "actions=done,done,done,done,result,self,parent,fail",
          "producers=4",
          "pause=0",
          "concurrency=16");
    }
    Running neighbour = crew.start(NeighbourApp.class);
    crew.await("ready");
    crew.tell("go");
    Thread.sleep(seconds * 1_000L);
    crew.tell("stop");
    return neighbour;
  }

  private static long wrote(Running neighbour) {
    return neighbour
        .out()
        .lines()
        .filter(line -> line.startsWith("wrote "))
        .mapToLong(line -> Long.parseLong(line.substring("wrote ".length())))
        .sum();
  }

  // ---- fairness

  /// How the slowest fared: figures for people. All that must be is that it was not shut out.
  private static String shares(Crew crew) {
    List<Waits> enqueues = new ArrayList<>();
    List<Long> ran = new ArrayList<>();
    for (Running member : crew.members()) {
      enqueues.add(Waits.parse(Crew.stat(member, "enqueue")));
      ran.add(Crew.count(member, "run "));
    }
    long slowest = enqueues.stream().mapToLong(Waits::calls).min().orElseThrow();
    assertTrue(slowest > 1, "a process was shut out");
    double fair = enqueues.stream().mapToLong(Waits::calls).average().orElseThrow();
    return "slowest process %.0f %% of a fair share of enqueues and %.0f %% of jobs, worst p99 of an enqueue %.0f ms, longest %.0f ms"
        .formatted(
            100 * slowest / fair,
            100
                * ran.stream().mapToLong(Long::longValue).min().orElseThrow()
                / ran.stream().mapToLong(Long::longValue).average().orElseThrow(),
            enqueues.stream().mapToLong(Waits::p99).max().orElseThrow() / 1e3,
            enqueues.stream().mapToLong(Waits::max).max().orElseThrow() / 1e3);
  }

  private void tell(
      String test, long startedAt, Crew crew, Books books, String shares, Running neighbour)
      throws Exception {
    String what =
        "%d processes and an application at full speed: %s; the application, busily: %s; seldom: %s"
            .formatted(
                crew.members().size(),
                shares,
                Waits.parse(Crew.stat(neighbour, "busily")).text(),
                Waits.parse(Crew.stat(neighbour, "seldom")).text());
    new Finding(
            test,
            what,
            0,
            "%,d acknowledged jobs".formatted(books.acks()),
            crew.verdict(books),
            Long.toString(seed),
            "with deferred transactions: " + busyWhenDeferred(test))
        .tell(startedAt);
  }

  // ---- the teeth

  /// A transaction that reads before it has the write lock is refused when it writes.
  private String busyWhenDeferred(String test) throws Exception {
    try (Crew crew =
        new Crew(directory.resolve("deferred " + test))
            .without("store/Sqlite.java", "return \"begin immediate\";", "return \"begin\";")) {
      run(crew, 2, TEETH_SECONDS);
      Processes.await("a refusal", () -> refusals(crew) > 0);
      return refusals(crew) + " calls were refused";
    }
  }

  private static long refusals(Crew crew) {
    return crew.members().stream().mapToLong(member -> Crew.count(member, "busy ")).sum();
  }
}
