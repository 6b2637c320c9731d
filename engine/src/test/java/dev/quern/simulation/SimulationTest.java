package dev.quern.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.quern.model.MemoryDirectory;
import dev.quern.support.Finding;
import dev.quern.support.Quiet;
import dev.quern.support.Trust;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Several engines on one file and one clock, with all that can go wrong: engines that die between
/// any two statements, that are suspended and wake up, handlers that fail, defer, linger, and
/// settle in transactions of their own, requests from all sides, and now and then a clock that is
/// set. After every commit all jobs are looked at.
class SimulationTest {
  private static final List<Guard> GUARDS =
      List.of(
          new Guard(
              "ends without a fence",
              "core/EndTable.java",
              "from quern_job where id = ? and fence = ? and state = 'running'",
              "from quern_job where id = ? and ? is not null and state = 'running'"),
          new Guard(
              "completions without a fence",
              "core/EndTable.java",
              "result = ?, lease_until = null\n       where id = ? and fence = ? and %s",
              "result = ?, lease_until = null where id = ? and ? is not null and %s"),
          new Guard(
              "leases that run out early",
              "core/Reclaimer.java",
              "this.graceMillis = ledger.config().lease().toMillis() / 3",
              "this.graceMillis = -ledger.config().lease().toMillis() / 2"),
          new Guard(
              "jobs that are due early",
              "core/JobTable.java",
              "available_at <= ?\n              order by",
              "available_at <= ? + 60000\n              order by"));

  @RegisterExtension final Quiet quiet = new Quiet();

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  @Test
  void whatever_goes_wrong_nothing_is_lost_and_each_broken_guard_is_noticed() throws Exception {
    long startedAt = System.nanoTime();
    long seed = Trust.seed("SimulationTest");
    int seeds = Integer.getInteger("quern.simulations", Trust.size(60, 2_000));

    Simulations.Sum sum = new Simulations(directory, Profile.MIXED).run(seed, seeds);

    assertNull(sum.failing(), () -> sum.failing().report());
    new Finding(
            "SimulationTest",
            "three engines on one simulated clock, killed at any statement, suspended, with failing"
                + " handlers",
            sum.faults(),
            "%,d seeds, %,d commits".formatted(sum.seeds(), sum.commits()),
            sum.verdict(),
            "%d-%d".formatted(seed, seed + seeds - 1),
            Guard.teeth(directory, "mixed", seed, GUARDS))
        .tell(startedAt);
  }

  @Test
  void the_same_seed_gives_the_same_trace() throws Exception {
    long seed = Trust.seed("SimulationTest");
    Simulations simulations = new Simulations(directory, Profile.MIXED);
    for (int i = 0; i < 10; i++) {
      assertEquals(
          simulations.one(seed + i, 0).hash(),
          simulations.one(seed + i, 1).hash(),
          "seed " + seed + i);
    }
  }
}
