package dev.quern.simulation;

import static dev.quern.support.TestStore.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.model.MemoryDirectory;
import dev.quern.support.Finding;
import dev.quern.support.Quiet;
import dev.quern.support.TestClock;
import dev.quern.support.Trust;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A clock on the wall that jumps by seconds to years, back and forth, or stands still.
class ClockTest {
  private static final List<Guard> GUARDS =
      List.of(
          new Guard(
              "engines that follow the wall clock back",
              "store/StoreClock.java",
              "if (wallMillis >= lastMillis) {",
              "if (wallMillis >= 0) {"),
          new Guard(
              "engines that do not agree on the time",
              "core/Timekeeper.java",
              "clock.atLeast(keptAt);",
              ""));

  /// How far the clock of the threaded engines jumps at once.
  private static final List<Duration> JUMPS =
      List.of(
          Duration.ZERO,
          Duration.ofSeconds(21),
          Duration.ofSeconds(-21),
          Duration.ofHours(1),
          Duration.ofHours(-1),
          Duration.ofDays(365),
          Duration.ofDays(-365));

  @RegisterExtension final Quiet quiet = new Quiet();

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  @Test
  void whatever_the_clock_does_no_job_is_early_lost_or_held_twice() throws Exception {
    long startedAt = System.nanoTime();
    long seed = Trust.seed("ClockTest");
    int seeds = Integer.getInteger("quern.simulations", Trust.size(36, 2_000));

    Simulations.Sum sum = new Simulations(directory, Profile.CLOCK).run(seed, seeds);

    assertNull(sum.failing(), () -> sum.failing().report());
    new Finding(
            "ClockTest",
            "three engines on one simulated clock that jumps by a millisecond to a year, back and"
                + " forth, or stands still",
            sum.faults(),
            "%,d seeds, %,d commits".formatted(sum.seeds(), sum.commits()),
            sum.verdict(),
            "%d-%d".formatted(seed, seed + seeds - 1),
            Guard.teeth(directory, "clock", seed, GUARDS))
        .tell(startedAt);
  }

  @Test
  void engines_with_threads_that_live_keep_their_jobs_whatever_the_clock_does() throws Exception {
    long seed = Trust.seed("ClockTest");
    for (int i = 0; i < Trust.size(3, 200); i++) {
      Path file = directory.resolve("threads-%d.db".formatted(i));
      var clock = new TestClock();
      try (var here = new Engine(file, "here", clock);
          var there = new Engine(file, "there", clock)) {
        jump(clock, new SplittableRandom(seed + i), here, there);
        here.end();
        there.end();
      }
    }
  }

  private static void jump(TestClock clock, RandomGenerator random, Engine here, Engine there) {
    for (int i = 0; i < 8; i++) {
      Duration by = JUMPS.get(random.nextInt(JUMPS.size()));
      clock.advance(by);
      here.probe();
      there.probe();
      eventually(() -> here.leaseHolds(clock) && there.leaseHolds(clock));
    }
  }

  /// An engine with threads of its own and a job that runs all the time.
  private static final class Engine implements AutoCloseable {
    private final Quern quern;
    private final String name;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final long job;
    private final List<Long> probes = new ArrayList<>();

    Engine(Path file, String name, TestClock clock) {
      this.name = name;
      quern =
          Quern.open(
              file, QuernConfig.DEFAULT.clock(clock).lease(Simulation.LEASE).retention(Map.of()));
      quern.handle(
          name,
          Integer.class,
          (_, _) -> {
            begun.countDown();
            release.await();
          });
      quern.handle(name + "-probe", Integer.class, (_, _) -> {}).start();
      job = quern.enqueue(NewJob.json(name, "1")).id();
      // A handler that does not begin in time has its job given back.
      eventually(() -> begun.getCount() == 0);
    }

    Job job() {
      return quern.jobs().get(job).orElseThrow();
    }

    /// Makes it go round.
    void probe() {
      long id = quern.enqueue(NewJob.json(name + "-probe", "1")).id();
      assertTrue(quern.jobs().await(id, Duration.ofSeconds(10)).isPresent());
      probes.add(id);
    }

    boolean leaseHolds(TestClock clock) {
      return job().leaseUntil().filter(clock.instant()::isBefore).isPresent();
    }

    void end() {
      release.countDown();
      Job ended = quern.jobs().await(job, Duration.ofSeconds(10)).orElseThrow();
      assertEquals(JobState.DONE, ended.state());
      assertEquals(1, ended.fence(), () -> "taken away: " + quern.jobs().attempts(job));
      for (long probe : probes) {
        assertEquals(1, quern.jobs().get(probe).orElseThrow().fence());
      }
    }

    @Override
    public void close() {
      quern.close(Duration.ZERO);
    }
  }
}
