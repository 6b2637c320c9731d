package dev.quern.model;

import dev.quern.Enqueued;
import dev.quern.JobState;
import dev.quern.KindPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What the model of an engine keeps: jobs and kinds on plain maps, and the time. Everything that
/// is due happens with each durable change.
final class ModelStore {
  private static final long NOTICE_MILLIS = 1_000;

  final Scenario scenario;
  final Rules rules;
  final ModelHandlers handlers = new ModelHandlers(this);
  long now = Scenario.START.toEpochMilli();
  ModelLife life = new ModelLife(this);
  Optional<ModelLife> away = Optional.empty();

  private final Map<Integer, ModelJob> jobs = new TreeMap<>();
  private final Map<String, ModelKind> kinds = new TreeMap<>();
  private final List<ModelJob> ghosts = new ArrayList<>();
  private final ModelEnds ends = new ModelEnds(this);
  private long wall = now;
  private int added;
  private long owners;

  ModelStore(Scenario scenario, Rules rules) {
    this.scenario = scenario;
    this.rules = rules;
    Scenario.KINDS.forEach(name -> kinds.put(name, new ModelKind(name)));
  }

  // ---- changes

  /// A durable change, and everything that is due.
  <T> T write(Supplier<T> change) {
    T answer = change.get();
    ripen();
    some(ModelJob::running).forEach(this::reclaim);
    some(this::expired).forEach(this::expire);
    if (away.isEmpty()) {
      handlers.claim();
    }
    return answer;
  }

  /// Takes a number for those who claim; only who claims has one.
  long enter() {
    return write(() -> ++owners);
  }

  void ripen() {
    some(job -> job.state == JobState.SCHEDULED && job.availableAt <= now)
        .forEach(job -> job.state = JobState.READY);
  }

  private void reclaim(ModelJob job) {
    if (!life.owns(job) && away.filter(other -> other.owns(job)).isEmpty()) {
      ends.end(job, new Ending.Lost("its process died"));
    } else if (job.owner != life.owner && rules.leaseLost(job, now)) {
      ends.end(job, new Ending.Lost("its lease ran out"));
    }
  }

  private boolean expired(ModelJob job) {
    Duration period = scenario.retention().get(job.state);
    return period != null && !policy(job).keepsEnded() && job.endedAt < now - period.toMillis();
  }

  private void expire(ModelJob job) {
    remove(job);
    if (!rules.retentionUncounts()) {
      ghosts.add(job);
    }
  }

  /// Adds a job, unless a live one has its key.
  Enqueued add(Draft draft) {
    Optional<ModelJob> holder = holder(draft.dedupeKey());
    if (holder.isPresent()) {
      return new Enqueued(holder.get().number, false);
    }
    ModelJob job = new ModelJob(++added, draft, kind(draft.kind()).policy.rank(), now);
    jobs.put(job.number, job);
    return new Enqueued(job.number, true);
  }

  /// Undoes all additions after a job.
  void undoAfter(int number) {
    jobs.keySet().removeIf(later -> later > number);
    added = number;
  }

  boolean remove(ModelJob job) {
    return jobs.remove(job.number, job);
  }

  /// Starts what a claim takes.
  List<ModelJob> start(ModelClaims claims, ModelClaims.Demand demand, long owner, Duration lease) {
    List<ModelJob> started = claims.choose(demand);
    Map<String, Integer> byKind = new HashMap<>();
    started.forEach(job -> byKind.merge(job.kind(), 1, Integer::sum));
    byKind.forEach((kind, count) -> kind(kind).started(count, now));
    started.forEach(job -> job.start(owner, now, now + lease.toMillis()));
    return started;
  }

  void end(ModelJob job, Ending ending) {
    ends.end(job, ending);
  }

  // ---- what is in it

  int added() {
    return added;
  }

  Optional<ModelJob> find(int number) {
    return Optional.ofNullable(jobs.get(number));
  }

  List<ModelJob> some(Predicate<ModelJob> which) {
    return jobs.values().stream().filter(which).toList();
  }

  List<ModelJob> ordered(Predicate<ModelJob> which) {
    return jobs.values().stream().filter(which).sorted(rules.order()).toList();
  }

  /// The jobs that are counted: all of them.
  Stream<ModelJob> counted() {
    return Stream.of(jobs.values(), ghosts).flatMap(Collection::stream);
  }

  /// The live job with a key.
  Optional<ModelJob> holder(Optional<String> key) {
    return some(job -> job.hasKey(key) && rules.holdsKey(job.state)).stream().findFirst();
  }

  ModelKind kind(String name) {
    return kinds.get(name);
  }

  Collection<ModelKind> kinds() {
    return kinds.values();
  }

  KindPolicy policy(ModelJob job) {
    return kind(job.kind()).policy;
  }

  int running(String kind) {
    return some(job -> job.running() && job.kind().equals(kind)).size();
  }

  // ---- time

  /// Follows the wall. The store's time never goes back: ahead of the wall it goes on at half the
  /// speed.
  void clock(long millis) {
    long half = halfSince(millis);
    boolean behind = millis < now;
    now = behind ? now + half : millis;
    wall = behind ? Math.min(wall, millis) + half * 2 : millis;
  }

  private long halfSince(long millis) {
    return Math.max(0, millis - wall) / 2;
  }

  /// What the wall may be set to instead, so that no lease has run out just before.
  long settledWall(long millis) {
    long then = millis < now ? now + halfSince(millis) : millis;
    long settled = settled(then);
    return settled == then ? millis : settled;
  }

  /// The next times at which something changes by itself, so that a sequence can stop just there.
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

  /// The first time from `millis` on at which no lease has run out just before: an engine may take
  /// a moment to notice that.
  long settled(long millis) {
    long moved = millis;
    for (long end : leaseEnds()) {
      moved = end < moved && moved <= end + NOTICE_MILLIS ? end + NOTICE_MILLIS + 1 : moved;
    }
    return moved;
  }
}
