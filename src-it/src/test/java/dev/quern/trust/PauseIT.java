package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Processes;
import dev.quern.it.Running;
import dev.quern.support.Finding;
import dev.quern.support.Trust;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Workers that are stopped for longer than their leases, as a debugger, a full host or a suspended
/// machine stops them, and go on as if nothing had happened.
///
/// A stopped process still holds its lock as an owner, so that it does not count as dead; its
/// leases run out. `-Dquern.seed=N` repeats the pauses, `-Dtrust=long` makes more.
class PauseIT {
  private static final int LEASE_MILLIS = 1_000;
  private static final int WORKERS = 3;
  private static final int PAUSES = Trust.size(1, 300);

  @TempDir Path directory;

  private final long startedAt = System.nanoTime();
  private final long seed = Trust.seed("PauseIT");
  private final Random random = new Random(seed);
  private int stopped;

  /// Both crews are stopped at the same moments, so that one wait serves both.
  @Test
  void a_worker_that_was_asleep_for_longer_than_its_lease_changes_nothing() throws Exception {
    try (Crew crew = new Crew(directory.resolve("right"));
        Crew unfenced = unfenced()) {
      List<Crew> crews = List.of(crew, unfenced);
      for (Crew each : crews) {
        start(each);
      }
      tellOfLostLease(crews);
      for (int i = 0; i < PAUSES; i++) {
        pause(crews);
        Thread.sleep(random.nextInt(LEASE_MILLIS));
      }
      assertAllWork(crew);
      finish(crew);

      Books books = crew.compare();
      assertEquals(List.of(), books.faults(), "seed " + seed);
      tell(crew, books, faultsOf(unfenced));
    }
  }

  private Crew unfenced() throws Exception {
    String guard = "result = ?, lease_until = null\n       where id = ? and fence = ? and %s";
    return new Crew(directory.resolve("unfenced"))
        .without("core/EndTable.java", guard, guard.replace("fence = ?", "? > 0"));
  }

  private void start(Crew crew) throws Exception {
    for (int i = 0; i < WORKERS; i++) {
      crew.start(
          CrewApp.class,
          "name=w" + i,
          "seed=" + seed + i,
          "lease=" + LEASE_MILLIS,
          "actions=result,result,deaf,deaf,self,fail,bad,defer,parent",
          "takes=1200",
          "pause=60",
          "concurrency=24",
          "hands=1");
    }
    crew.await("ready");
  }

  // ---- pauses

  /// The first handler of all waits until it is told. Its process is stopped, another takes its
  /// job, its process goes on, it is told, and comes too late with its end.
  private void tellOfLostLease(List<Crew> crews) throws Exception {
    for (Crew crew : crews) {
      crew.members().getFirst().write("one w0.hold.1\n");
    }
    for (Crew crew : crews) {
      await("a handler that waits", crew.members().getFirst(), "run 1 1 hold");
      stopWithoutLock(crew);
      crew.members().stream().skip(1).forEach(member -> member.write("go\n"));
    }
    for (Crew crew : crews) {
      awaitSecondRun(crew);
    }
    signal(crews, List.of(0), "CONT");
    for (Crew crew : crews) {
      await("the handler to be told", crew.members().getFirst(), "told 1 1");
      crew.members().getFirst().write("go\n");
    }
    stopped++;
  }

  /// A process that is stopped while it writes would keep all others from writing.
  private static void stopWithoutLock(Crew crew) throws Exception {
    Running first = crew.members().getFirst();
    first.signal("STOP");
    while (crew.locked()) {
      first.signal("CONT");
      Thread.sleep(10);
      first.signal("STOP");
    }
  }

  private static void await(String what, Running member, String line) throws InterruptedException {
    Processes.await(what, () -> Crew.count(member, line) > 0);
  }

  /// Under a later fence: the third or fourth, if others had claimed the job ahead and gave it back
  /// before they could begin it.
  private static void awaitSecondRun(Crew crew) throws InterruptedException {
    try {
      Processes.await("another to take the job", () -> ofFirstJob(crew, "run 1 ").size() > 1);
    } catch (AssertionError inVain) {
      throw new AssertionError(inVain.getMessage() + ": " + ofFirstJob(crew, ""), inVain);
    }
  }

  /// What was said of the first job.
  private static List<String> ofFirstJob(Crew crew, String start) {
    return crew.members().stream()
        .flatMap(member -> member.out().lines())
        .filter(line -> line.startsWith(start) && line.matches("[a-z]+ 1 .*"))
        .toList();
  }

  private void pause(List<Crew> crews) throws Exception {
    List<Integer> victims = victims();
    stopped += victims.size();
    signal(crews, victims, "STOP");
    Thread.sleep(LEASE_MILLIS / 2 + random.nextInt(LEASE_MILLIS * 5 / 2));
    signal(crews, victims, "CONT");
  }

  /// One of them, or, at first and now and then, all, as when the machine is suspended.
  private List<Integer> victims() {
    return stopped == 1 || random.nextInt(4) == 0
        ? List.of(0, 1, 2)
        : List.of(random.nextInt(WORKERS));
  }

  private static void signal(List<Crew> crews, List<Integer> victims, String name)
      throws Exception {
    for (Crew crew : crews) {
      for (int victim : victims) {
        crew.members().get(victim).signal(name);
      }
    }
  }

  /// Each process goes on to work after its last pause.
  private static void assertAllWork(Crew crew) throws Exception {
    List<Long> before = crew.members().stream().map(member -> Crew.count(member, "run ")).toList();
    for (int i = 0; i < WORKERS; i++) {
      Running member = crew.members().get(i);
      long more = before.get(i) + 1;
      Processes.await("work of worker " + i, () -> Crew.count(member, "run ") > more);
    }
  }

  private static void finish(Crew crew) throws Exception {
    crew.tell("stop");
    crew.finish();
    for (Running member : crew.members()) {
      assertEquals("0", Crew.stat(member, "left"), "a slot is still taken");
    }
  }

  // ---- the teeth

  private static List<String> faultsOf(Crew unfenced) throws Exception {
    finish(unfenced);
    List<String> faults = unfenced.compare().faults();
    assertTrue(!faults.isEmpty(), "without the fence nothing was found: this proves nothing");
    return faults;
  }

  private void tell(Crew crew, Books books, List<String> teeth) throws Exception {
    new Finding(
            "PauseIT",
            "workers stopped for up to three leases",
            stopped,
            "%,d acknowledged jobs, %,d late answers".formatted(books.acks(), books.stale()),
            crew.verdict(books),
            Long.toString(seed),
            "without the fence in completions: %,d faults".formatted(teeth.size()))
        .tell(startedAt);
  }
}
