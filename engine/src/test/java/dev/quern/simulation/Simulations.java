package dev.quern.simulation;

import dev.quern.Quern;
import dev.quern.support.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Many simulations, each from a seed of its own, until one of them shows a problem.
final class Simulations {
  private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);

  private final Path directory;
  private final Path empty;
  private final Profile profile;

  Simulations(Path directory, Profile profile) {
    this.directory = directory;
    this.profile = profile;
    this.empty = directory.resolve("empty.db");
    if (!Files.exists(empty)) {
      try (Quern quern = Quern.manual(empty, new Wall())) {
        Steps.setUp(quern);
      }
    }
  }

  /// The sums of many outcomes.
  ///
  /// @param failing the first with a problem, or null
  record Sum(
      int seeds, long faults, long commits, Finding.Verdict verdict, Simulation.Outcome failing) {
    static final Sum NONE = new Sum(0, 0, 0, Finding.Verdict.CLEAN, null);

    Sum plus(Simulation.Outcome one) {
      return plus(
          new Sum(
              1,
              one.deaths() + one.jumps(),
              one.commits(),
              one.verdict(),
              one.problems().isEmpty() ? null : one));
    }

    Sum plus(Sum other) {
      return new Sum(
          seeds + other.seeds,
          faults + other.faults,
          commits + other.commits,
          verdict.plus(other.verdict),
          failing == null ? other.failing : failing);
    }
  }

  /// Runs simulations in a [dev.quern.support.Twin]; answers what the first with a problem shows,
  /// or an empty text.
  static String find(Path directory, String profile, long seed, int count) throws Exception {
    Simulation.Outcome failing =
        new Simulations(directory, Profile.of(profile)).run(seed, count).failing();
    return failing == null
        ? ""
        : "seed %d of %d: %s"
            .formatted(failing.seed() - seed + 1, count, failing.problems().getFirst());
  }

  /// Runs one.
  Simulation.Outcome one(long seed, int place) throws Exception {
    return Simulation.run(fresh(place), seed, profile);
  }

  /// A file with an empty store; nobody may have it open.
  Path fresh(int place) throws IOException {
    Path file = directory.resolve("simulation-%d.db".formatted(place));
    for (String part : List.of("-wal", "-shm")) {
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + part));
    }
    Files.copy(empty, file, StandardCopyOption.REPLACE_EXISTING);
    return file;
  }

  /// Runs many by a few threads.
  Sum run(long seed, int count) throws Exception {
    AtomicInteger next = new AtomicInteger();
    List<Future<Sum>> parts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) {
        int place = i;
        parts.add(threads.submit(() -> runSome(seed, count, place, next)));
      }
    }
    Sum sum = Sum.NONE;
    for (Future<Sum> part : parts) {
      sum = sum.plus(part.get());
    }
    return sum;
  }

  private Sum runSome(long seed, int count, int place, AtomicInteger next) throws Exception {
    Sum sum = Sum.NONE;
    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
      sum = sum.plus(one(seed + i, place));
      if (sum.failing() != null) {
        next.set(count);
      }
    }
    return sum;
  }
}
