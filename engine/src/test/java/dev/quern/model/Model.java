package dev.quern.model;

import dev.quern.Attempt;
import dev.quern.CancelResult;
import dev.quern.ClaimRequest;
import dev.quern.Counts;
import dev.quern.Enqueued;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// What an engine should be: the same commands and answers, on plain maps, one thing after the other.
/// Everything that is due happens with each durable change, and when the engine is ticked.
final class Model implements Side {
  private static final long NOTICE_MILLIS = 1_000;

  final Scenario scenario;
  final Rules rules;
  long now = Scenario.START.toEpochMilli();

  private final Map<Integer, ModelJob> jobs = new TreeMap<>();
  private final Map<String, ModelKind> kinds = new TreeMap<>();
  private final List<ModelLease> leases = new ArrayList<>();
  private final List<ModelJob> ghosts = new ArrayList<>();
  private final ModelEnds ends = new ModelEnds(this);
  private final ModelHandlers handlers = new ModelHandlers(this);
  private ModelClaims claims = new ModelClaims(this);
  private int added;
  private long owners;
  private long owner;
  private long guest;

  /// A claim by hand; it is of no use once its engine is closed.
  private record ModelLease(int job, long fence, long owner) {}

  Model(Scenario scenario, Rules rules) {
    this.scenario = scenario;
    this.rules = rules;
    Scenario.KINDS.forEach(name -> kinds.put(name, new ModelKind(name)));
    open();
  }

  // ---- time and life

  private void open() {
    owner = 0;
    guest = 0;
    claims = new ModelClaims(this);
    if (!scenario.handled().isEmpty()) {
      owner = enter();
      handlers.start();
    }
  }

  /// Takes a number for those who claim; only who claims has one.
  private long enter() {
    return write(() -> ++owners);
  }

  @Override
  public void reopen() {
    handlers.stop();
    open();
  }

  @Override
  public void clock(long millis) {
    now = millis;
  }

  /// A durable change, and everything that is due.
  <T> T write(Supplier<T> change) {
    T answer = change.get();
    ripen();
    some(ModelJob::running).forEach(this::reclaim);
    some(this::expired).forEach(this::forget);
    handlers.claim();
    return answer;
  }

  @Override
  public int tick() {
    write(() -> true);
    return handlers.run();
  }

  private void ripen() {
    some(job -> job.state == JobState.SCHEDULED && job.availableAt <= now)
        .forEach(job -> job.state = JobState.READY);
  }

  private void reclaim(ModelJob job) {
    if (job.owner != owner && job.owner != guest) {
      ends.end(job, new Ending.Lost("its process died"));
    } else if (job.owner != owner && rules.leaseLost(job, now)) {
      ends.end(job, new Ending.Lost("its lease ran out"));
    }
  }

  private boolean expired(ModelJob job) {
    Duration period = scenario.retention().get(job.state);
    return period != null
        && !policy(job).keepsEnded()
        && job.endedAt < now - period.toMillis();
  }

  private void forget(ModelJob job) {
    jobs.remove(job.number);
    if (!rules.retentionUncounts()) {
      ghosts.add(job);
    }
  }

  /// The next times at which something changes by itself, so that tests can stop just there.
  List<Long> edges() {
    List<Long> edges = new ArrayList<>(leaseEnds());
    for (ModelJob job : jobs.values()) {
      Duration period = scenario.retention().get(job.state);
      if (job.state == JobState.SCHEDULED) {
        edges.add(job.availableAt);
      } else if (period != null) {
        edges.add(job.endedAt + period.toMillis());
      }
    }
    kinds.values().forEach(k -> k.policy.rate().ifPresent(rate -> edges.add(k.windowEnd(rate))));
    return edges.stream().filter(edge -> edge >= now).sorted().toList();
  }

  /// When running jobs will have been silent for too long, in order.
  private List<Long> leaseEnds() {
    return some(ModelJob::running).stream()
        .map(job -> job.leaseUntil + Scenario.HEARTBEAT.toMillis())
        .sorted()
        .toList();
  }

  /// The first time from `millis` on at which no lease has run out just before: an engine may take a
  /// moment to notice that.
  long settled(long millis) {
    long moved = millis;
    for (long end : leaseEnds()) {
      moved = end < moved && moved <= end + NOTICE_MILLIS ? end + NOTICE_MILLIS + 1 : moved;
    }
    return moved;
  }

  // ---- what is in it

  List<ModelJob> some(Predicate<ModelJob> which) {
    return jobs.values().stream().filter(which).toList();
  }

  List<ModelJob> ordered(Predicate<ModelJob> which) {
    return jobs.values().stream().filter(which).sorted(rules.order()).toList();
  }

  ModelKind kind(String name) {
    return kinds.get(name);
  }

  KindPolicy policy(ModelJob job) {
    return kind(job.kind()).policy;
  }

  int running(String kind) {
    return some(job -> job.running() && job.kind().equals(kind)).size();
  }

  private Optional<ModelJob> find(int number) {
    return Optional.ofNullable(jobs.get(number));
  }

  private Optional<ModelJob> ended(int number) {
    return find(number).filter(job -> job.state.ended());
  }

  private Optional<ModelJob> holder(Optional<String> key) {
    return some(job -> job.hasKey(key) && rules.holdsKey(job.state)).stream().findFirst();
  }

  @Override
  public int jobs() {
    return added;
  }

  /// The numbers of all leases, or of those that hold.
  List<Integer> leases(boolean held) {
    return IntStream.rangeClosed(1, leases.size())
        .filter(number -> !held || holds(leases.get(number - 1)))
        .boxed()
        .toList();
  }

  private boolean holds(ModelLease lease) {
    return lease.owner() == guest
        && find(lease.job()).filter(job -> rules.holds(job, lease.fence())).isPresent();
  }

  // ---- new jobs

  @Override
  public List<Enqueued> enqueue(List<Draft> drafts) {
    check(drafts);
    return write(() -> addAll(drafts));
  }

  @Override
  public List<Enqueued> enqueueInside(List<Draft> drafts, boolean commits) {
    check(drafts);
    int before = added;
    List<Enqueued> answers = addAll(drafts);
    if (!commits && rules.rollbackUndoes()) {
      jobs.keySet().removeIf(number -> number > before);
      added = before;
    }
    return answers;
  }

  private static void check(List<Draft> drafts) {
    if (drafts.stream().anyMatch(draft -> draft.payload().equals(Draft.BAD_PAYLOAD))) {
      throw new IllegalArgumentException("no JSON");
    }
  }

  private List<Enqueued> addAll(List<Draft> drafts) {
    return drafts.stream().map(this::add).toList();
  }

  Enqueued add(Draft draft) {
    Optional<ModelJob> holder = holder(draft.dedupeKey());
    if (holder.isPresent()) {
      return new Enqueued(holder.get().number, false);
    }
    ModelJob job = new ModelJob(++added, draft, kind(draft.kind()).policy.rank(), now);
    jobs.put(job.number, job);
    return new Enqueued(job.number, true);
  }

  // ---- claims

  @Override
  public List<Claim> claim(ClaimRequest request) {
    if (guest == 0) {
      guest = enter();
    }
    return write(
        () -> {
          ripen();
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
            request.affinityKey());
    return start(claims, demand, guest, request.lease());
  }

  /// Starts what a claim takes.
  List<ModelJob> start(ModelClaims by, ModelClaims.Demand demand, long owner, Duration lease) {
    List<ModelJob> started = by.choose(demand);
    Map<String, Integer> byKind = new HashMap<>();
    started.forEach(job -> byKind.merge(job.kind(), 1, Integer::sum));
    byKind.forEach((kind, count) -> kind(kind).started(count, now));
    started.forEach(job -> job.start(owner, now, now + lease.toMillis()));
    return started;
  }

  private Claim lease(ModelJob job) {
    leases.add(new ModelLease(job.number, job.fence, guest));
    return new Claim(
        job.number,
        job.kind(),
        job.draft.payload(),
        job.attempts,
        job.fence,
        Instant.ofEpochMilli(job.leaseUntil));
  }

  long owner() {
    return owner;
  }

  private Optional<ModelJob> held(int number) {
    ModelLease lease = leases.get(number - 1);
    if (lease.owner() != guest) {
      throw new IllegalStateException("the engine is closed: open a new one");
    }
    return find(lease.job()).filter(_ -> holds(lease));
  }

  @Override
  public boolean end(int lease, Ending ending) {
    Optional<ModelJob> held = held(lease);
    return write(
        () -> {
          held.ifPresent(job -> ends.end(job, ending));
          return held.isPresent();
        });
  }

  void end(ModelJob job, Ending ending) {
    ends.end(job, ending);
  }

  @Override
  public boolean renew(int lease, Duration by) {
    Optional<ModelJob> held = held(lease);
    return write(
        () -> {
          held.ifPresent(job -> job.leaseUntil = now + by.toMillis());
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
    return write(() -> find(number).map(job -> cancel(job, reason)).orElse(CancelResult.NOT_FOUND));
  }

  private CancelResult cancel(ModelJob job, String reason) {
    if (job.state.ended()) {
      return CancelResult.ALREADY_ENDED;
    }
    job.note = reason;
    if (job.running()) {
      job.cancelRequestedAt = job.cancelRequestedAt == null ? now : job.cancelRequestedAt;
      if (!rules.cancelAsksFirst()) {
        ends.end(job, new Ending.HandedBack());
      }
      return CancelResult.REQUESTED;
    }
    job.state = JobState.CANCELLED;
    job.endedAt = now;
    return CancelResult.CANCELLED;
  }

  @Override
  public Requeued requeue(int number) {
    return write(
        () ->
            ended(number)
                .map(job -> requeueAll(List.of(job)))
                .orElseGet(() -> blocked(number, whyNot(number))));
  }

  private String whyNot(int number) {
    return find(number)
        .map(job -> "it has not ended: it is " + job.state.label())
        .orElse("there is no such job");
  }

  private static Requeued blocked(int number, String reason) {
    return new Requeued(0, List.of(new Requeued.Blocked(number, reason)), 1);
  }

  @Override
  public Requeued requeueFailed(Optional<String> kind, boolean recoverableOnly) {
    return write(
        () ->
            requeueAll(
                some(job -> job.state == JobState.FAILED).stream()
                    .filter(job -> kind.isEmpty() || kind.get().equals(job.kind()))
                    .filter(job -> !recoverableOnly || !unrecoverable(job))
                    .sorted(rules.requeueOrder())
                    .toList()));
  }

  private static boolean unrecoverable(ModelJob job) {
    return job.failure.failureClass() == dev.quern.FailureClass.UNRECOVERABLE;
  }

  private Requeued requeueAll(List<ModelJob> wanted) {
    List<Requeued.Blocked> blocked = new ArrayList<>();
    for (ModelJob job : wanted) {
      Optional<ModelJob> holder = holder(job.draft.dedupeKey());
      if (holder.isPresent()) {
        String reason = "a live job, %d, has its dedupe key".formatted(holder.get().number);
        blocked.add(new Requeued.Blocked(job.number, reason));
      } else {
        job.requeue(rules.attemptsAfterRequeue(job), now);
      }
    }
    return new Requeued(wanted.size() - blocked.size(), blocked, blocked.size());
  }

  @Override
  public boolean delete(int number) {
    return write(() -> ended(number).map(job -> jobs.remove(job.number)).isPresent());
  }

  // ---- kinds

  @Override
  public KindPolicy policy(String kind, KindPolicy policy) {
    return policy.equals(kind(kind).policy) ? policy : write(() -> kind(kind).policy = policy);
  }

  @Override
  public void pause(String kind, String reason) {
    write(() -> kind(kind).pausedAt = Optional.of(Instant.ofEpochMilli(now)));
    kind(kind).pauseReason = Optional.of(reason);
  }

  @Override
  public void resume(String kind) {
    kind(kind).pauseReason = Optional.empty();
    write(() -> kind(kind).pausedAt = Optional.empty());
  }

  @Override
  public long purgeRetired() {
    return write(
        () -> {
          List<ModelJob> retired = some(job -> policy(job).retired() && !job.running());
          retired.forEach(job -> jobs.remove(job.number));
          return (long) retired.size();
        });
  }

  // ---- views

  @Override
  public Optional<Job> get(int number) {
    return find(number).map(ModelJob::view);
  }

  @Override
  public List<Attempt> attempts(int number) {
    return find(number).map(job -> List.copyOf(job.attemptsEnded)).orElse(List.of());
  }

  @Override
  public List<LogLine> log(int number) {
    return find(number).map(job -> List.copyOf(job.log)).orElse(List.of());
  }

  @Override
  public List<String> why(int number) {
    return find(number).map(job -> new ModelWhy(this, job).codes()).orElse(List.of());
  }

  @Override
  public Counts counts() {
    Map<String, Map<JobState, Long>> byKind = new TreeMap<>();
    List<ModelJob> counted = new ArrayList<>(jobs.values());
    counted.addAll(ghosts);
    for (ModelJob job : counted) {
      byKind
          .computeIfAbsent(job.kind(), _ -> new TreeMap<>())
          .merge(job.state, 1L, Long::sum);
    }
    return new Counts(byKind);
  }

  @Override
  public List<KindStatus> kinds() {
    return kinds.values().stream().map(ModelKind::view).toList();
  }

  @Override
  public List<Job> list(JobFilter filter) {
    return ModelList.of(jobs.values(), filter).stream().map(ModelJob::view).toList();
  }
}
