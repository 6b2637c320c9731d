package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Running;
import dev.quern.support.Finding;
import dev.quern.support.Finding.Verdict;
import dev.quern.support.Trust;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Handlers by the thousand on one carrier thread, while somebody else holds the write lock for
/// long: none of them keeps the carrier from another virtual thread.
class CarrierIT {
  private static final int JOBS = Trust.size(1_000, 2_000);
  private static final int LOCKS = Trust.size(1, 20);

  /// So long is the lock held. A carrier that waits for it holds up everybody for as long.
  private static final long LOCKED_MILLIS = 2_500;

  private static final long HELD_UP_MILLIS = 1_800;

  private static final String DIRECT = "50";

  @TempDir Path directory;

  private final long startedAt = System.nanoTime();

  @Test
  void handlers_that_wait_for_the_engine_hold_up_no_other_virtual_thread() throws Exception {
    try (Crew right = narrow("right");
        Crew direct = narrow("direct")) {
      Running member = right.start(CarrierApp.class, Integer.toString(JOBS));
      for (int i = 0; i < LOCKS; i++) {
        hold(right);
      }
      Running broken = direct.start(CarrierApp.class, DIRECT, "direct");
      hold(direct);
      right.finish();
      direct.finish();

      long held = Long.parseLong(Crew.stat(member, "canary"));
      long heldByJdbc = Long.parseLong(Crew.stat(broken, "canary"));
      assertEquals("0", Crew.stat(member, "pinned"));
      assertTrue(held < HELD_UP_MILLIS, "a virtual thread was held up for " + held + " ms");
      assertTrue(heldByJdbc > HELD_UP_MILLIS, "nothing was held up: this proves nothing");
      tell(held, heldByJdbc);
    }
  }

  private Crew narrow(String name) throws Exception {
    return new Crew(directory.resolve(name))
        .flags(
            "-Djdk.virtualThreadScheduler.parallelism=1",
            "-Djdk.virtualThreadScheduler.maxPoolSize=1");
  }

  /// Takes the write lock once handlers are at work.
  private static void hold(Crew crew) throws Exception {
    crew.await("ready");
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + crew.database() + "?busy_timeout=30000");
        Statement statement = connection.createStatement()) {
      statement.execute("begin immediate");
      crew.members().getFirst().write("locked\n");
      Thread.sleep(LOCKED_MILLIS);
      statement.execute("rollback");
    }
  }

  private void tell(long held, long heldByJdbc) throws Exception {
    new Finding(
            "CarrierIT",
            "%,d handlers on one carrier thread, the write lock held for %,d ms by others; another"
                    .formatted(JOBS, LOCKED_MILLIS)
                + " virtual thread was held up for %,d ms at most, 0 pinned".formatted(held),
            LOCKS,
            "%,d handlers".formatted(JOBS),
            Verdict.CLEAN,
            "-",
            "with JDBC on virtual threads it was held up for %,d ms".formatted(heldByJdbc))
        .tell(startedAt);
  }
}
