package dev.quern.model;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.quern.model.Sequences.Failing;
import dev.quern.model.Sequences.Sequence;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The engine against a model of it. A build always runs the same sequences, so that none is red by
/// chance; `-Dquern.seed=` and `-Dquern.sequences=` say which sequences run; a failure prints what
/// replays it.
class ModelTest {
  private static final long SEED = Long.getLong("quern.seed", 1);
  private static final int SEQUENCES = Integer.getInteger("quern.sequences", 2_000);

  /// In how many sequences a wrong model must be noticed.
  private static final int TEETH_SEQUENCES = 1_000;

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  @Test
  void the_engine_does_what_its_model_does() throws Exception {
    System.out.println("model: quern.seed=" + SEED);
    Optional<Failing> failing = new Sequences(directory, new Rules(), SEED, SEQUENCES).run();

    if (failing.isPresent()) {
      fail(report(failing.get()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_wrong_model_is_noticed(Mutation mutation) throws Exception {
    Optional<Failing> failing =
        new Sequences(directory, mutation.rules(), SEED, TEETH_SEQUENCES).run();

    assertTrue(failing.isPresent(), () -> "not noticed in %d sequences".formatted(TEETH_SEQUENCES));
    System.out.println(
        "model: %s is noticed by sequence %d".formatted(mutation, failing.get().number()));
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
