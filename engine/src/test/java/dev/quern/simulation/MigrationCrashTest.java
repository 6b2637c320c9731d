package dev.quern.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ClaimRequest;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.StoreException;
import dev.quern.model.MemoryDirectory;
import dev.quern.support.Invariants;
import dev.quern.support.Quiet;
import dev.quern.support.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// An engine that dies at each step of opening a store that must be made, or brought to a newer
/// version: the next one makes it, or brings it there.
class MigrationCrashTest {
  private static final String OLD_JOB =
      """
      insert into quern_job (id, lane, state, priority, available_at, created_at, payload)
      values (1, 1, 'ready', 100, 0, 0, '"old"')
      """;

  @RegisterExtension final Quiet quiet = new Quiet();

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  @Test
  void a_store_is_made_though_the_first_to_try_died_at_any_step() throws Exception {
    int steps = 0;
    for (boolean died = true; died; steps++) {
      Path file = directory.resolve("made-%d.db".formatted(steps));
      died = dies(file, steps);
      check(file, 0);
    }
    assertTrue(steps > 50, steps + " steps");
  }

  @Test
  void a_store_is_migrated_though_the_first_to_try_died_at_any_step() throws Exception {
    int steps = 0;
    for (boolean died = true; died; steps++) {
      Path file = directory.resolve("migrated-%d.db".formatted(steps));
      makeOld(file);
      died = dies(file, steps);
      check(file, 1);
    }
    assertTrue(steps > 20, steps + " steps");
  }

  /// Opens and closes; returns whether the engine died on the way.
  private static boolean dies(Path file, int step) {
    Death death = new Death(step);
    Wire.tap(file, () -> death);
    try {
      Quern.manual(file, new Wall()).close();
    } catch (StoreException | IllegalStateException fault) {
      assertTrue(death.dead, fault::toString);
    } finally {
      Wire.untap(file);
    }
    return death.dead;
  }

  private static void check(Path file, int oldJobs) throws SQLException {
    try (Quern quern = Quern.manual(file, new Wall())) {
      quern.enqueue(NewJob.json("mail", "\"new\""));
      List<String> payloads =
          quern.claim(ClaimRequest.of("mail").limit(5)).stream()
              .map(lease -> lease.payload())
              .toList();
      assertEquals(oldJobs == 0 ? List.of("\"new\"") : List.of("\"old\"", "\"new\""), payloads);
    }
    try (Connection connection = Wire.untapped(file)) {
      new Invariants(connection).check();
    }
  }

  /// A store as the first version made it.
  private static void makeOld(Path file) throws SQLException, IOException {
    try (Connection connection = Wire.untapped(file);
        Statement statement = connection.createStatement();
        InputStream script =
            Quern.class.getResourceAsStream("/dev/quern/schema/sqlite/001-jobs.sql")) {
      String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
      for (String sql : text.split(";\\s*\\n")) {
        statement.execute(sql);
      }
      statement.execute("insert into quern_meta values ('schema', '1'), ('store', 'old')");
      statement.execute("insert into quern_lane (id, kind) values (1, 'mail')");
      statement.execute(OLD_JOB);
    }
  }

  /// The end of an engine before a statement.
  private static final class Death implements Wire.Tap {
    private final List<Connection> connections = new ArrayList<>();
    private int stepsLeft;
    private boolean dead;

    Death(int step) {
      stepsLeft = step;
    }

    @Override
    public void opened(Connection real) {
      connections.add(real);
    }

    @Override
    public void before(Connection real, String sql) throws SQLException {
      if (!dead && stepsLeft-- == 0) {
        dead = true;
        for (Connection connection : connections) {
          connection.close();
        }
      }
      if (dead) {
        throw new SQLException("this engine is dead");
      }
    }
  }
}
