package dev.quern.model;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.quern.model.Sequences.Failing;
import dev.quern.model.Sequences.Sequence;
import dev.quern.support.Finding;
import dev.quern.support.Trust;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The engine against a model of it. `-Dquern.seed=` and `-Dquern.sequences=` say which sequences
/// run; a failure prints what replays it.
class ModelTest {
  private static final long SEED = Trust.seed("ModelTest");
  private static final int SEQUENCES =
      Integer.getInteger("quern.sequences", Trust.size(2_000, 100_000));

  /// In how many sequences a wrong model must be noticed.
  private static final int TEETH_SEQUENCES = 2_000;

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  @Test
  void the_engine_does_what_its_model_does_and_a_wrong_model_is_noticed() throws Exception {
    long startedAt = System.nanoTime();
    Optional<Failing> failing = new Sequences(directory, new Rules(), SEED, SEQUENCES).run();

    if (failing.isPresent()) {
      fail(report(failing.get()));
    }
    new Finding(
            "ModelTest",
            "random commands, each asked of an engine and of a model of 300 lines",
            0,
            "%,d sequences".formatted(SEQUENCES),
            Finding.Verdict.CLEAN,
            "%d-%d".formatted(SEED, SEED + SEQUENCES - 1),
            teeth())
        .tell(startedAt);
  }

  private String teeth() throws Exception {
    int latest = 0;
    for (Mutation mutation : Mutation.values()) {
      Optional<Failing> failing =
          new Sequences(directory, mutation.rules(), SEED, TEETH_SEQUENCES).run();
      assertTrue(failing.isPresent(), () -> mutation + " is not noticed");
      int number = failing.get().number();
      System.out.println("model: %s is noticed by sequence %d".formatted(mutation, number));
      latest = Math.max(latest, number);
    }
    return "each of %d wrong models differs within %d sequences"
        .formatted(Mutation.values().length, latest);
  }

  private String report(Failing failing) throws SQLException {
    Sequence sequence = Sequence.of(failing.seed());
    try (Database database = new Database(directory.resolve("shrink.db"))) {
      Shrinker.Trial trial =
          commands -> Duel.fight(sequence.scenario(), commands, new Rules(), database, 1);
      List<Command> begun = sequence.commands().subList(0, failing.difference().step() + 1);
      List<Command> shrunk = new Shrinker(begun, trial).shrink();
      Difference difference = trial.of(shrunk).orElse(failing.difference());
      return "seed %d, %s:\n%sto replay: -Dquern.seed=%d -Dquern.sequences=1\n"
          .formatted(failing.seed(), sequence.scenario(), difference.report(), failing.seed());
    }
  }
}
