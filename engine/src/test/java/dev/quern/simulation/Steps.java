package dev.quern.simulation;

import dev.quern.Backoff;
import dev.quern.ClaimRequest;
import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.KindPolicy;
import dev.quern.Lease;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.Rate;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// What can happen in a simulation, drawn by lot.
final class Steps {
  static final List<String> HANDLED = List.of("plain", "narrow", "rated", "free", "timed");
  static final List<String> ALL = List.of("plain", "narrow", "rated", "free", "timed", "hand");

  private static final int DEPTH_LIMIT = 2;
  private static final int MEANWHILE = 4;

  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(10), Duration.ofSeconds(40), false);
  private static final KindPolicy POLICY = KindPolicy.DEFAULT.backoff(BACKOFF);

  private final Simulation simulation;
  private final Profile profile;
  private final RandomGenerator random;
  private final Clients clients;
  private final Requests requests;
  private final int weights;
  private boolean quiet;
  private int depth;

  Steps(Simulation simulation, Profile profile, RandomGenerator random) {
    this.simulation = simulation;
    this.profile = profile;
    this.random = random;
    this.clients = new Clients(simulation, this, random);
    this.requests = new Requests(simulation, this, random);
    this.weights = profile.weights().stream().mapToInt(Integer::intValue).sum();
  }

  /// From now on nothing goes wrong any more.
  void beQuiet() {
    quiet = true;
  }

  boolean quiet() {
    return quiet;
  }

  QuernConfig config() {
    return simulation.config().concurrency(1 + random.nextInt(3));
  }

  /// Sets the policies of the kinds.
  static void setUp(Quern quern) {
    for (String kind : ALL) {
      quern.kinds().policy(kind, _ -> policy(kind));
    }
  }

  private static KindPolicy policy(String kind) {
    return switch (kind) {
      case "narrow" -> POLICY.totalConcurrency(1).maxAttempts(3);
      case "rated" -> POLICY.rate(new Rate(2, Duration.ofSeconds(30)));
      case "free" -> POLICY.chargesLosses(false);
      case "timed" -> POLICY.timeout(Duration.ofSeconds(30)).maxAttempts(2);
      default -> POLICY;
    };
  }

  /// What happens while a handler lingers; others may linger meanwhile.
  void meanwhile() throws SQLException {
    if (depth < DEPTH_LIMIT) {
      depth++;
      try {
        for (int i = 0; i < MEANWHILE; i++) {
          any();
        }
      } finally {
        depth--;
      }
    }
  }

  /// One step.
  void any() throws SQLException {
    int dice = random.nextInt(weights);
    int step = 0;
    while (dice >= profile.weights().get(step)) {
      dice -= profile.weights().get(step++);
    }
    Profile.Step what = Profile.Step.values()[step];
    Worker worker = oneOf(simulation.workers());
    simulation
        .trace()
        .add("%d %s by %d".formatted(depth, what, simulation.workers().indexOf(worker)));
    run(worker.hangs() ? Profile.Step.TICK : what, worker);
  }

  private void run(Profile.Step what, Worker worker) throws SQLException {
    switch (what) {
      case TICK -> tick(worker);
      case ENQUEUE -> clients.enqueue(worker);
      case CLAIM -> claim(worker);
      case OF_LEASE -> ofLease();
      case REQUEST -> requests.any(worker);
      case OF_KIND -> requests.ofKind(worker);
      case PASS -> pass();
      case CLOCK -> clock();
      case DIE -> die(worker);
      case DIE_SOON -> worker.life().dieAt(random.nextInt(80));
      case CLOSE -> close(worker);
      case HANG -> worker.hang(1 + random.nextInt(8));
    }
  }

  /// An engine whose handler lingers waits for it.
  private void tick(Worker worker) {
    if (!worker.busy()) {
      worker.tick();
    }
  }

  private void die(Worker worker) throws SQLException {
    worker.die();
    simulation.bury();
  }

  private void close(Worker worker) {
    if (!worker.busy() && !worker.dead()) {
      simulation.reopen(worker);
    }
  }

  /// Engines with threads of their own tell each other of a strange time within seconds; those in a
  /// simulation only when they are asked something, so less time may pass until then.
  private void pass() {
    int most = simulation.wall().wentBack() ? 3_000 : oneIn(3) ? 90_000 : 9_000;
    simulation.wall().pass(1 + random.nextInt(most));
    simulation.lookAtClock();
  }

  /// Sets the clock. Those whose processes are not suspended see it, and one of them keeps what it
  /// has seen.
  private void clock() {
    List<Worker> awake = simulation.workers().stream().filter(Worker::awake).toList();
    if (oneIn(4)) {
      simulation.wall().freeze(oneIn(2));
    } else if (depth == 0 && !awake.isEmpty()) {
      Duration by = oneOf(profile.clockSteps());
      simulation.trace().add("  by " + by);
      simulation.wall().step(by.toMillis());
      simulation.lookAtClock();
      awake.getFirst().tick();
    }
  }

  // ---- claims by hand

  private void claim(Worker worker) {
    Set<String> kinds = Set.of(oneIn(2) ? "hand" : oneOf(ALL));
    worker.claim(
        new ClaimRequest(
            kinds, Set.of(), 1 + random.nextInt(3), Simulation.LEASE, Optional.empty(), false));
  }

  static ClaimRequest byHand() {
    return ClaimRequest.of("hand").limit(100);
  }

  /// A holder may speak up long after its lease was lost.
  private void ofLease() {
    List<Worker> holders =
        simulation.workers().stream()
            .filter(w -> !w.leases().isEmpty() && !w.dead() && !w.hangs())
            .toList();
    if (!holders.isEmpty()) {
      Worker worker = oneOf(holders);
      Lease lease = oneOf(worker.leases());
      boolean holds = simulation.watch().holds(lease.jobId(), lease.fence());
      Optional<Boolean> said = worker.ask(ofLease(lease));
      if (said.isPresent() && said.get() != holds) {
        String what = "of job %d f%d".formatted(lease.jobId(), lease.fence());
        simulation
            .watch()
            .problem(
                Problem.unexpected("a lease that holds: " + holds + ", but told " + said + what));
      }
    }
  }

  private Function<Quern, Boolean> ofLease(Lease lease) {
    return switch (random.nextInt(7)) {
      case 0, 1 -> _ -> lease.complete();
      case 2 -> _ -> lease.complete("[1]", List.of());
      case 3 -> _ -> lease.fail(new Failure(FailureClass.TRANSIENT, "no", "not now"));
      case 4 -> _ -> lease.defer(Duration.ofSeconds(20), "later");
      case 5 -> _ -> lease.handBack();
      default -> _ -> lease.renew(Simulation.LEASE);
    };
  }

  // ---- choices

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  <T> Optional<T> maybe(int oneIn, Supplier<T> value) {
    return oneIn(oneIn) ? Optional.of(value.get()) : Optional.empty();
  }
}
