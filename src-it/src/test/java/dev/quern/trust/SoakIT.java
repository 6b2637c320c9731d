package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quern.it.Processes;
import dev.quern.it.Running;
import dev.quern.support.Finding;
import dev.quern.support.Finding.Verdict;
import dev.quern.support.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes under mixed load for long, one of which is killed now and then, while ended jobs
/// are deleted: the other takes no more of the machine in the end than in the beginning.
///
/// `-Dtrust.minutes=N` says how long, `-Dquern.seed=N` repeats the kills.
class SoakIT {
  private static final long LOOKS =
      60L * Integer.getInteger("trust.minutes", 0) > 0
          ? 60L * Integer.getInteger("trust.minutes", 0)
          : Trust.size(8, 1_800);

  private static final long LOOK_MILLIS = 1_000;

  /// What is left to do after long work may take a while.
  private static final Duration PATIENCE = Processes.PATIENCE.multipliedBy(Trust.size(1, 10));

  @TempDir Path directory;

  private final long startedAt = System.nanoTime();
  private final long seed = Trust.seed("SoakIT");
  private final Random random = new Random(seed);
  private int kills;

  @Test
  void long_work_leaves_nothing_behind() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "skipped: there is no /proc here");
    try (Crew crew = new Crew(directory).flags("-Xms48m", "-Xmx48m", "-XX:+AlwaysPreTouch")) {
      Running steady = worker(crew, "steady");
      Vitals vitals = new Vitals(steady.pid(), crew.database());
      Running victim = worker(crew, "victim");
      for (long i = 0; i < LOOKS; i++) {
        Thread.sleep(LOOK_MILLIS);
        vitals.look();
        if (random.nextInt(4) == 0) {
          victim = killed(crew, victim);
        }
      }
      finish(List.of(steady, victim));

      Books books = crew.compareWithRetention();
      assertEquals(List.of(), books.faults(), "seed " + seed);
      vitals.trends().forEach(SoakIT::assertSteady);
      tell(crew, books, vitals.trends());
    }
  }

  private Running worker(Crew crew, String name) throws Exception {
    Running worker =
        crew.start(
            CrewApp.class,
            "name=" + name + kills,
            "seed=" + seed + kills,
            "actions=done,done,done,result,self,parent,fail,bad,defer,later",
            "takes=20",
            "producers=3",
            "pause=20",
            "retention=2000",
            "lease=2000",
            "hands=1");
    Processes.await("a worker", () -> Crew.says(worker, "ready"));
    worker.write("go\n");
    return worker;
  }

  private Running killed(Crew crew, Running victim) throws Exception {
    victim.kill();
    assertEquals("", victim.end().err());
    kills++;
    return worker(crew, "victim");
  }

  private static void finish(List<Running> workers) throws Exception {
    for (Running worker : workers) {
      worker.write("stop\n");
    }
    for (Running worker : workers) {
      worker.closeInput();
      Processes.Ended ended = worker.end(PATIENCE);
      assertEquals(0, ended.exit(), ended.err());
    }
  }

  private static void assertSteady(Trend trend) {
    double allowed = Vitals.ALLOWED.get(trend.name());
    assertFalse(
        trend.leaks(allowed),
        () -> "%s grew by %.0f: %s".formatted(trend.name(), trend.growth(), trend.values()));
  }

  private void tell(Crew crew, Books books, List<Trend> trends) throws Exception {
    String grew =
        trends.stream()
            .map(each -> "%s %+.0f (most %,d)".formatted(each.name(), each.growth(), each.max()))
            .collect(Collectors.joining(", "));
    Verdict verdict = crew.verdict(books);
    new Finding(
            "SoakIT",
            "%,d s of mixed load with retention and kills; in that time %s".formatted(LOOKS, grew),
            kills,
            "%,d acknowledged jobs".formatted(books.acks()),
            verdict,
            Long.toString(seed),
            "a descriptor more every two looks is noticed")
        .tell(startedAt);
  }

  // ---- the teeth

  @Test
  void a_descriptor_more_every_two_looks_is_noticed() {
    List<Long> leak = LongStream.range(0, LOOKS).mapToObj(i -> 30 + i / 2 + i % 2).toList();
    List<Long> noise = LongStream.range(0, LOOKS).mapToObj(i -> 30 + i % 3).toList();

    double allowed = Vitals.ALLOWED.get("file descriptors") / 2;
    assertTrue(new Trend("file descriptors", leak).leaks(allowed));
    assertFalse(new Trend("file descriptors", noise).leaks(allowed));
  }
}
