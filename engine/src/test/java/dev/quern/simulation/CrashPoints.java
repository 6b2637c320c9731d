package dev.quern.simulation;

import dev.quern.support.Finding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// A [Script] again and again, whose engine dies at the first step, at the second, and so on, until
/// it comes to the end of the script alive.
final class CrashPoints {
  private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);

  private final Simulations simulations;
  private final int stride;
  private final AtomicInteger next;
  private final AtomicBoolean over = new AtomicBoolean();

  /// @param stride 1: at each step; n: only at each n-th
  CrashPoints(Path directory, int stride, int first) {
    this.stride = stride;
    this.next = new AtomicInteger(first);
    this.simulations = new Simulations(directory, Profile.MIXED);
  }

  /// What all steps showed.
  ///
  /// @param points how many steps there were
  /// @param statements how many different ones
  /// @param failing the first problem, or an empty text
  record Sum(int points, int statements, Finding.Verdict verdict, String failing) {}

  Sum all() throws Exception {
    List<Future<List<Simulation.Outcome>>> parts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) {
        int place = i;
        parts.add(threads.submit(() -> some(place)));
      }
    }
    Set<String> statements = new HashSet<>();
    Finding.Verdict verdict = Finding.Verdict.CLEAN;
    String failing = "";
    int points = 0;
    for (Future<List<Simulation.Outcome>> part : parts) {
      for (Simulation.Outcome outcome : part.get()) {
        points++;
        verdict = verdict.plus(outcome.verdict());
        outcome.lastWords().ifPresent(statements::add);
        failing = failing.isEmpty() ? problem(outcome) : failing;
      }
    }
    return new Sum(points, statements.size(), verdict, failing);
  }

  private static String problem(Simulation.Outcome outcome) {
    return outcome.problems().isEmpty()
        ? ""
        : "step %d, %s: %s\n%s"
            .formatted(outcome.seed(), outcome.lastWords(), outcome.problems(), outcome.end());
  }

  private List<Simulation.Outcome> some(int place) throws Exception {
    List<Simulation.Outcome> outcomes = new ArrayList<>();
    while (!over.get()) {
      int step = next.getAndAdd(stride);
      Simulation.Outcome outcome = Simulation.crash(simulations.fresh(place), step);
      if (outcome.lastWords().isEmpty() || !outcome.problems().isEmpty()) {
        over.set(true);
      }
      if (outcome.lastWords().isPresent() || !outcome.problems().isEmpty()) {
        outcomes.add(outcome);
      }
    }
    return outcomes;
  }

  /// Looks for a problem in a [dev.quern.support.Twin]; answers the first, or an empty text.
  static String find(Path directory) throws Exception {
    return new CrashPoints(directory, 1, 0).all().failing().lines().findFirst().orElse("");
  }
}
