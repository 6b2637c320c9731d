package dev.quern.model;

import dev.quern.Attempt;
import dev.quern.CancelResult;
import dev.quern.ClaimRequest;
import dev.quern.Counts;
import dev.quern.Enqueued;
import dev.quern.FailureClass;
import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.KindPolicy;
import dev.quern.KindStatus;
import dev.quern.LogLine;
import dev.quern.Requeued;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// What an engine should be: the same questions and answers, one thing after the other.
final class Model implements Side {
  private final ModelStore store;
  private final List<ModelLease> leases = new ArrayList<>();

  /// A claim by hand; it is of no use once its engine is closed.
  private record ModelLease(int job, long fence, ModelLife life) {}

  Model(Scenario scenario, Rules rules) {
    store = new ModelStore(scenario, rules);
    open();
  }

  ModelStore store() {
    return store;
  }

  // ---- life

  private void open() {
    store.life = new ModelLife(store);
    if (!store.scenario.handled().isEmpty()) {
      store.life.owner = store.enter();
      store.handlers.start();
    }
  }

  @Override
  public void reopen() {
    store.handlers.stop();
    open();
  }

  /// Another engine does what is due as well, but runs no handlers.
  @Override
  public Object elsewhere(Command command) {
    ModelLife here = store.life;
    store.away = Optional.of(here);
    store.life = new ModelLife(store);
    try {
      return command.on(this);
    } finally {
      store.life = here;
      store.away = Optional.empty();
    }
  }

  @Override
  public void clock(long millis) {
    store.clock(millis);
  }

  @Override
  public int tick() {
    store.write(() -> true);
    return store.away.isEmpty() ? store.handlers.run() : 0;
  }

  // ---- new jobs

  @Override
  public int jobs() {
    return store.added();
  }

  @Override
  public List<Enqueued> enqueue(List<Draft> drafts) {
    check(drafts);
    return store.write(() -> drafts.stream().map(store::add).toList());
  }

  @Override
  public List<Enqueued> enqueueInside(List<Draft> drafts, boolean commits) {
    check(drafts);
    int before = store.added();
    List<Enqueued> answers = drafts.stream().map(store::add).toList();
    if (!commits && store.rules.rollbackUndoes()) {
      store.undoAfter(before);
    }
    return answers;
  }

  private static void check(List<Draft> drafts) {
    if (drafts.stream().anyMatch(draft -> draft.payload().equals(Draft.BAD_PAYLOAD))) {
      throw new IllegalArgumentException("no JSON");
    }
  }

  // ---- claims

  @Override
  public List<Claim> claim(ClaimRequest request) {
    if (store.life.guest == 0) {
      store.life.guest = store.enter();
    }
    return store.write(() -> {
      store.ripen();
      return start(request).stream().map(this::lease).toList();
    });
  }

  private List<ModelJob> start(ClaimRequest request) {
    ModelClaims.Demand demand =
        new ModelClaims.Demand(
            request.kinds(),
            request.capabilities(),
            request.limit(),
            _ -> Integer.MAX_VALUE,
            request.affinityKey(),
            false);
    return store.start(store.life.claims, demand, store.life.guest, request.lease());
  }

  private Claim lease(ModelJob job) {
    leases.add(new ModelLease(job.number, job.fence, store.life));
    return new Claim(
        job.number,
        job.kind(),
        job.draft.payload(),
        job.attempts,
        job.fence,
        Instant.ofEpochMilli(job.leaseUntil));
  }

  /// The numbers of all leases, or of those that hold.
  List<Integer> leases(boolean held) {
    return IntStream.rangeClosed(1, leases.size())
        .filter(number -> !held || holder(leases.get(number - 1)).isPresent())
        .boxed()
        .toList();
  }

  private Optional<ModelJob> holder(ModelLease lease) {
    return store
        .find(lease.job())
        .filter(job -> lease.life() == store.life && store.rules.holds(job, lease.fence()));
  }

  private Optional<ModelJob> held(int number) {
    ModelLease lease = leases.get(number - 1);
    if (lease.life() != store.life) {
      throw new IllegalStateException("the engine is closed: open a new one");
    }
    return holder(lease);
  }

  @Override
  public boolean end(int lease, Ending ending) {
    Optional<ModelJob> held = held(lease);
    return store.write(() -> {
      held.ifPresent(job -> store.end(job, ending));
      return held.isPresent();
    });
  }

  @Override
  public boolean renew(int lease, Duration by) {
    Optional<ModelJob> held = held(lease);
    return store.write(() -> {
      held.ifPresent(job -> job.leaseUntil = store.now + by.toMillis());
      return held.isPresent();
    });
  }

  @Override
  public boolean cancelRequested(int lease) {
    return held(lease).map(job -> job.cancelRequestedAt != null).orElse(false);
  }

  // ---- requests

  @Override
  public CancelResult cancel(int number, String reason) {
    return store.write(
        () -> store.find(number).map(job -> cancel(job, reason)).orElse(CancelResult.NOT_FOUND));
  }

  private CancelResult cancel(ModelJob job, String reason) {
    if (job.state.ended()) {
      return CancelResult.ALREADY_ENDED;
    }
    job.note = reason;
    return job.running() ? askToStop(job) : cancelNow(job);
  }

  private CancelResult askToStop(ModelJob job) {
    job.cancelRequestedAt = job.cancelRequestedAt == null ? store.now : job.cancelRequestedAt;
    if (!store.rules.cancelAsksFirst()) {
      store.end(job, new Ending.HandedBack());
    }
    return CancelResult.REQUESTED;
  }

  private CancelResult cancelNow(ModelJob job) {
    job.state = JobState.CANCELLED;
    job.endedAt = store.now;
    return CancelResult.CANCELLED;
  }

  @Override
  public Requeued requeue(int number) {
    return store.write(() ->
        ended(number)
            .map(job -> requeueAll(List.of(job)))
            .orElseGet(() -> blocked(number, whyNot(number))));
  }

  private Optional<ModelJob> ended(int number) {
    return store.find(number).filter(job -> job.state.ended());
  }

  private String whyNot(int number) {
    return store
        .find(number)
        .map(job -> "it has not ended: it is " + job.state.label())
        .orElse("there is no such job");
  }

  private static Requeued blocked(int number, String reason) {
    return new Requeued(0, List.of(new Requeued.Blocked(number, reason)), 1, 0);
  }

  @Override
  public Requeued requeueFailed(Optional<String> kind, boolean recoverableOnly) {
    return store.write(() -> {
      List<ModelJob> failed =
          store.some(job -> job.state == JobState.FAILED).stream()
              .filter(job -> kind.isEmpty() || kind.get().equals(job.kind()))
              .sorted(store.rules.requeueOrder())
              .toList();
      List<ModelJob> wanted =
          failed.stream().filter(job -> !recoverableOnly || recoverable(job)).toList();
      Requeued answer = requeueAll(wanted);
      return new Requeued(
          answer.requeued(),
          answer.blocked(),
          answer.blockedCount(),
          failed.size() - wanted.size());
    });
  }

  private static boolean recoverable(ModelJob job) {
    return job.failure.failureClass() != FailureClass.UNRECOVERABLE;
  }

  private Requeued requeueAll(List<ModelJob> wanted) {
    List<Requeued.Blocked> blocked = new ArrayList<>();
    for (ModelJob job : wanted) {
      Optional<ModelJob> holder = store.holder(job.draft.dedupeKey());
      if (holder.isPresent()) {
        String reason = "a live job, %d, has its dedupe key".formatted(holder.get().number);
        blocked.add(new Requeued.Blocked(job.number, reason));
      } else {
        job.requeue(store.rules.attemptsAfterRequeue(job), store.now);
      }
    }
    return new Requeued(wanted.size() - blocked.size(), blocked, blocked.size(), 0);
  }

  @Override
  public boolean delete(int number) {
    return store.write(() -> ended(number).filter(store::remove).isPresent());
  }

  // ---- kinds

  @Override
  public KindPolicy policy(String kind, KindPolicy policy) {
    return policy.equals(store.kind(kind).policy)
        ? policy
        : store.write(() -> store.kind(kind).policy = policy);
  }

  @Override
  public void pause(String kind, String reason) {
    store.write(() -> store.kind(kind).pause(reason, store.now));
  }

  @Override
  public void resume(String kind) {
    store.write(() -> store.kind(kind).resume());
  }

  @Override
  public long purgeRetired() {
    return store.write(() ->
        store.some(job -> store.policy(job).retired() && !job.running()).stream()
            .filter(store::remove)
            .count());
  }

  // ---- views

  @Override
  public Optional<Job> get(int number) {
    return store.find(number).map(ModelJob::view);
  }

  @Override
  public List<Attempt> attempts(int number) {
    return store.find(number).map(job -> List.copyOf(job.attemptsEnded)).orElse(List.of());
  }

  @Override
  public List<LogLine> log(int number) {
    return store.find(number).map(job -> List.copyOf(job.log)).orElse(List.of());
  }

  @Override
  public List<String> why(int number) {
    return store.find(number).map(job -> new ModelWhy(store, job).codes()).orElse(List.of());
  }

  @Override
  public Counts counts() {
    Map<String, Map<JobState, Long>> byKind = new TreeMap<>();
    store
        .counted()
        .forEach(job ->
            byKind
                .computeIfAbsent(job.kind(), _ -> new TreeMap<>())
                .merge(job.state, 1L, Long::sum));
    return new Counts(byKind);
  }

  @Override
  public List<KindStatus> kinds() {
    return store.kinds().stream().map(ModelKind::view).toList();
  }

  @Override
  public List<Job> list(JobFilter filter) {
    return ModelList.of(store.some(_ -> true), filter).stream().map(ModelJob::view).toList();
  }
}
