package dev.quern.model;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Many sequences, each from a seed of its own, run by a few threads with a database each, until
/// one of them shows a difference.
final class Sequences {
  private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
  private static final int LOOK_EVERY = 25;

  private final Path directory;
  private final Rules rules;
  private final long seed;
  private final int sequences;
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicReference<Optional<Failing>> failing =
      new AtomicReference<>(Optional.empty());

  /// A seed whose sequence shows a difference.
  ///
  /// @param number which one it was, from 1
  record Failing(long seed, int number, Difference difference) {}

  Sequences(Path directory, Rules rules, long seed, int sequences) {
    this.directory = directory;
    this.rules = rules;
    this.seed = seed;
    this.sequences = sequences;
  }

  /// A sequence and what holds during it.
  record Sequence(Scenario scenario, List<Command> commands) {
    static Sequence of(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      return new Sequence(Scenario.of(random), new Generator(random).sequence());
    }
  }

  /// Runs them; answers the first that shows a difference.
  Optional<Failing> run() throws SQLException, InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Path file = directory.resolve("model-%d-%d.db".formatted(System.identityHashCode(this), i));
        ends.add(threads.submit(() -> runSome(file)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    return failing.get();
  }

  private Void runSome(Path file) throws SQLException {
    try (Database database = new Database(file)) {
      for (int i = begun.getAndIncrement(); i < sequences; i = begun.getAndIncrement()) {
        Optional<Difference> difference = run(seed + i, database);
        if (difference.isPresent()) {
          Failing first = new Failing(seed + i, i + 1, difference.get());
          failing.compareAndSet(Optional.empty(), Optional.of(first));
          begun.set(sequences);
        }
      }
    }
    return null;
  }

  private Optional<Difference> run(long seed, Database database) throws SQLException {
    Sequence sequence = Sequence.of(seed);
    Optional<Difference> difference =
        Duel.fight(sequence.scenario(), sequence.commands(), rules, database, LOOK_EVERY);
    List<String> problems = database.problems();
    if (!problems.isEmpty()) {
      throw new AssertionError("seed %d: the file is damaged: %s".formatted(seed, problems));
    }
    return difference;
  }
}
