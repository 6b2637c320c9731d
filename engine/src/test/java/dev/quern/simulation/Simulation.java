package dev.quern.simulation;

import dev.quern.JobState;
import dev.quern.QuernConfig;
import dev.quern.support.Finding;
import dev.quern.support.Invariants;
import dev.quern.support.Wire;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Several engines on one file and one clock, on one thread: what happens when, and what goes
/// wrong, comes from a seed alone, so the same seed gives the same [Trace].
final class Simulation {
  static final Duration LEASE = Duration.ofSeconds(60);

  /// How far the clocks of engines may be apart after a clock went back: one heartbeat.
  static final Duration TOLERANCE = LEASE.dividedBy(3);

  static final int WORKERS = 3;
  private static final Map<JobState, Duration> SHORT =
      Map.of(JobState.DONE, Duration.ofMinutes(2), JobState.FAILED, Duration.ofMinutes(10));

  private final Path file;
  private final RandomGenerator random;
  private final Wall wall = new Wall();
  private final Trace trace = new Trace();
  private final Book book = new Book();
  private final Permits permits;
  private final Watch watch;
  private final Steps steps;
  private final List<Worker> workers = new ArrayList<>();
  private Life alive;
  private int deaths;
  private Optional<String> lastWords = Optional.empty();

  /// What a simulation showed.
  ///
  /// @param hash of its trace
  /// @param lastWords at what statement the engine died that died last
  /// @param end the last lines of its trace
  record Outcome(
      long seed,
      long hash,
      int deaths,
      long jumps,
      long commits,
      long recovered,
      Optional<String> lastWords,
      List<Problem> problems,
      String end) {
    Finding.Verdict verdict() {
      return new Finding.Verdict(
          count(Problem.Sort.LOST),
          count(Problem.Sort.UNEXPECTED),
          count(Problem.Sort.DUPLICATED),
          recovered);
    }

    private long count(Problem.Sort sort) {
      return problems.stream().filter(problem -> problem.sort() == sort).count();
    }

    String report() {
      return "seed %d: %s\n%s\nto replay: -Dquern.seed=%d -Dquern.simulations=1, and -Dquern.trace=N for more lines"
          .formatted(seed, problems, end, seed);
    }
  }

  private Simulation(Path file, long seed, Profile profile) throws SQLException {
    this.file = file;
    this.random = new SplittableRandom(seed);
    this.permits = new Permits(random.nextInt(3) == 0 || seed == 0 ? SHORT : Map.of());
    this.watch = new Watch(Wire.untapped(file), wall, book, trace, permits);
    this.steps = new Steps(this, profile, random);
  }

  /// Runs a simulation on a file that holds an empty store.
  static Outcome run(Path file, long seed, Profile profile) throws SQLException {
    Simulation simulation = new Simulation(file, seed, profile);
    Wire.tap(file, () -> simulation.alive);
    try {
      return simulation.run(seed);
    } finally {
      Wire.untap(file);
    }
  }

  private Outcome run(long seed) throws SQLException {
    try (watch) {
      for (int i = 0; i < WORKERS; i++) {
        workers.add(open());
      }
      int length = 40 + random.nextInt(80);
      for (int i = 0; i < length && watch.problems().isEmpty(); i++) {
        steps.any();
        bury();
      }
      end();
      return outcome(seed);
    }
  }

  /// Goes through a script on a file that holds an empty store; its first engine dies at a step.
  static Outcome crash(Path file, int step) throws SQLException {
    Simulation simulation = new Simulation(file, 0, Profile.MIXED);
    Wire.tap(file, () -> simulation.alive);
    try (Watch _ = simulation.watch) {
      simulation.steps.beQuiet();
      new Script(simulation, simulation.steps).run(step);
      simulation.bury();
      simulation.end();
      return simulation.outcome(step);
    } finally {
      Wire.untap(file);
    }
  }

  private void end() throws SQLException {
    if (watch.problems().isEmpty()) {
      new Calm(this, steps).end();
    }
    workers.forEach(Worker::close);
    checkFile();
  }

  private Outcome outcome(long seed) {
    return new Outcome(
        seed,
        trace.hash(),
        deaths,
        wall.jumps(),
        watch.commits(),
        watch.reclaimed(),
        lastWords,
        List.copyOf(watch.problems()),
        trace.end(Integer.getInteger("quern.trace", 60)));
  }

  private void checkFile() throws SQLException {
    try (var connection = Wire.untapped(file)) {
      new Invariants(connection)
          .broken()
          .forEach((rule, found) ->
              watch.problem(Problem.unexpected("the store breaks a rule: " + rule + found)));
    }
  }

  // ---- engines

  /// Opens an engine; it may die over it.
  Worker open() {
    return open(!steps.quiet() && random.nextInt(8) == 0 ? random.nextInt(60) : -1);
  }

  /// Opens an engine that dies at a step.
  Worker open(int step) {
    Life life = new Life(file, watch);
    Worker worker = new Worker(this, life);
    life.dieAt(step);
    trace.add("open");
    workers.stream().filter(Worker::awake).findFirst().ifPresent(Worker::write);
    worker.open(steps.config(), new Handlers(this, steps, worker)::register);
    return worker;
  }

  /// Replaces those that died, unless they are still to find that out.
  void bury() throws SQLException {
    for (int i = 0; i < workers.size(); i++) {
      Worker worker = workers.get(i);
      if (worker.dead() && !worker.busy()) {
        deaths++;
        lastWords = worker.life().lastWords();
        trace.add("buried " + i);
        watch.expectNothingNew();
        worker.close();
        workers.set(i, open());
      }
    }
  }

  /// Replaces an engine by a new one after it was closed as it should be.
  void reopen(Worker worker) {
    int place = workers.indexOf(worker);
    worker.close();
    watch.died(worker.life());
    workers.set(place, open());
  }

  /// Sets whose connections are opened from now on; returns whose they were before.
  Life alive(Life life) {
    Life before = alive;
    alive = life;
    return before;
  }

  Life alive() {
    return alive;
  }

  List<Worker> workers() {
    return workers;
  }

  QuernConfig config() {
    return QuernConfig.DEFAULT.clock(wall).lease(LEASE).retention(permits.all());
  }

  Path file() {
    return file;
  }

  Wall wall() {
    return wall;
  }

  /// Lets all engines see what the clock did.
  void lookAtClock() {
    workers.forEach(Worker::look);
  }

  Trace trace() {
    return trace;
  }

  Book book() {
    return book;
  }

  Permits permits() {
    return permits;
  }

  Watch watch() {
    return watch;
  }
}
