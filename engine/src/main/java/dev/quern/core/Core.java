package dev.quern.core;

import dev.quern.Artifact;
import dev.quern.ClaimRequest;
import dev.quern.Enqueued;
import dev.quern.EnqueuedOnce;
import dev.quern.JobEvent;
import dev.quern.KindPolicy;
import dev.quern.Lease;
import dev.quern.NewArtifact;
import dev.quern.NewJob;
import dev.quern.QuernConfig;
import dev.quern.RequestKey;
import dev.quern.RunningHandler;
import dev.quern.StandingClaim;
import dev.quern.Timings;
import dev.quern.store.Store;
import dev.quern.store.Tx;
import dev.quern.store.Work;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The heart of an engine: what the lobby and the rooms stand on. Safe for use by several threads,
/// except where a method says that it belongs to the thread that writes.
public final class Core {
  /// The tenant of what belongs to none.
  public static final String NOBODY = "";

  /// What the kinds of the engine's own jobs begin with.
  public static final String RESERVED = "quern.";

  private final QuernConfig config;
  private final boolean manual;
  private final Store store;
  private final Ledger ledger;
  private final Intake intake;
  private final Settling settling;
  private final Identity identity;
  private final Pool pool;
  private final Waits waits = new Waits();
  private final Listeners listeners = new Listeners();
  private final HandClaims handClaims;
  private final StandingClaims standing;
  private final Closing closing;
  private final Beat beat;
  private final Onlooker onlooker;
  private final Drafting drafting;
  private Elsewhere elsewhere = Elsewhere.NOBODY;
  private volatile Attaching attaching;

  private Core(
      Path file,
      QuernConfig config,
      boolean manual,
      boolean existing,
      Function<Core, Onlooker> looking) {
    this.config = config;
    this.manual = manual;
    this.store =
        Store.prepare(
            new Store.Opening(
                file, config.clock(), manual, existing, config.busyTimeout(), Timekeeper::latest));
    this.ledger = new Ledger(config, store.clock());
    this.intake = new Intake(ledger);
    this.settling = new Settling(ledger, intake);
    this.identity = new Identity(store, config.capabilities());
    this.pool = new Pool(this, manual);
    this.handClaims = new HandClaims(ledger);
    this.standing = new StandingClaims(ledger);
    this.closing = new Closing(this);
    this.beat = new Beat(this);
    this.onlooker = looking.apply(this);
    this.drafting = new Drafting(config, onlooker);
    ledger.changes().onlooker(onlooker);
  }

  /// Opens the store and starts what writes to it; nobody looks on.
  public static Core open(Path file, QuernConfig config, boolean manual) {
    return open(file, config, manual, _ -> Onlooker.NOBODY);
  }

  /// Opens the store and starts what writes to it. Whoever looks on does so from the first batch.
  public static Core open(
      Path file, QuernConfig config, boolean manual, Function<Core, Onlooker> looking) {
    return open(file, config, manual, false, looking);
  }

  /// Opens a store that must be there, and starts what writes to it.
  public static Core openExisting(Path file, QuernConfig config, Function<Core, Onlooker> looking) {
    return open(file, config, false, true, looking);
  }

  private static Core open(
      Path file,
      QuernConfig config,
      boolean manual,
      boolean existing,
      Function<Core, Onlooker> looking) {
    Core core = new Core(file, config, manual, existing, looking);
    core.store.open(core.beat, manual);
    return core;
  }

  // ---- handlers

  /// Adds the handler of a kind, before or after [#start].
  ///
  /// @throws IllegalStateException if the kind has a handler already
  public void handle(String kind, RawHandler handler) {
    NewJob.json(kind, "null");
    Drafting.notReserved(kind);
    handleOwn(kind, handler);
  }

  /// Adds the handler of a reserved kind.
  public void handleOwn(String kind, RawHandler handler) {
    pool.handle(kind, handler);
    if (pool.claiming()) {
      identity.serve(pool.kinds(), config().concurrency());
      wake();
    }
  }

  /// Starts to claim jobs of the handled kinds.
  public void start() {
    closing.check();
    identity.serve(pool.kinds(), config().concurrency());
    pool.claim(true);
    closing.stopClaims();
    wake();
  }

  /// Stops to claim jobs; handlers at work go on. When this returns, no claim is under way: what
  /// was claimed before shows in [#running].
  public void stop() {
    pool.claim(false);
    write(tx -> true);
  }

  /// Lets handlers take no more jobs, or again: somebody told this engine so.
  public void quiet(boolean on) {
    if (pool.quiet(on)) {
      wake();
    }
  }

  /// The number under which handlers run; 0 as long as none do.
  public long number() {
    return identity.owner();
  }

  /// Runs all that is due on this thread; returns how many handlers ran.
  public int tick() {
    if (!manual) {
      throw new IllegalStateException("only an engine made by Quern.manual can be ticked");
    }
    int ran = 0;
    boolean more = true;
    while (more) {
      more = store.writer().turn();
      List<Attempting> attempts = pool.runClaimed();
      ran += (int) attempts.stream().filter(Attempting::begun).count();
      more |= !attempts.isEmpty();
    }
    return ran;
  }

  private void wake() {
    if (!manual) {
      store.writer().wake();
    }
  }

  // ---- new jobs

  /// Enqueues nobody's jobs, all or none.
  public List<Enqueued> enqueue(List<NewJob> jobs) {
    return enqueue(NOBODY, jobs);
  }

  /// Enqueues jobs of a tenant, all or none.
  ///
  /// @param tenant whose; empty for nobody's
  public List<Enqueued> enqueue(String tenant, List<NewJob> jobs) {
    if (jobs.isEmpty()) {
      return List.of();
    }
    return enqueueDrafts(drafting.drafts(tenant, jobs));
  }

  /// Enqueues jobs of a tenant, all or none, unless the same request did so before.
  public EnqueuedOnce enqueueOnce(String tenant, RequestKey request, List<NewJob> jobs) {
    if (jobs.isEmpty()) {
      return new EnqueuedOnce(EnqueuedOnce.Status.NEW, List.of());
    }
    List<Draft> drafts = drafting.drafts(tenant, jobs);
    return store
        .writer()
        .write(new Once(this, tenant, request, drafts), Drafting.bytes(drafts))
        .orThrow();
  }

  /// Enqueues any number of jobs in batches; returns how many rows were added.
  public long enqueueEach(String tenant, Stream<NewJob> jobs) {
    DraftBatch batch = new DraftBatch(this);
    try {
      jobs.forEachOrdered(job -> batch.add(drafting.draft(tenant, job)));
    } finally {
      batch.flush();
    }
    return batch.added();
  }

  /// Enqueues checked jobs.
  List<Enqueued> enqueueDrafts(List<Draft> drafts) {
    return store.writer().call(intake, drafts, drafts.size(), Drafting.bytes(drafts)).orThrow();
  }

  /// Enqueues nobody's jobs inside work of the writer: for rooms. Belongs to the thread that
  /// writes.
  public List<Enqueued> enqueue(Tx tx, List<NewJob> jobs) throws SQLException {
    return intake.insert(tx, drafting.drafts(NOBODY, jobs));
  }

  /// Enqueues a job of the engine's own, which is nobody's, inside work of the writer: for rooms.
  /// Returns its id. Belongs to the thread that writes.
  ///
  /// @param json the payload, of whatever length
  public long enqueueOwn(Tx tx, NewJob job, String json) throws SQLException {
    Lane.Key lane = Lane.Key.of(NOBODY, job.kind(), job.requires());
    return intake.insert(tx, List.of(new Draft(job, lane, json))).getFirst().id();
  }

  /// Enqueues jobs inside a transaction of the caller's.
  public List<Enqueued> enqueue(String tenant, Connection connection, List<NewJob> jobs)
      throws SQLException {
    List<Draft> drafts = drafting.drafts(tenant, jobs);
    store.writer().expectForeign();
    try (Tx tx = store.foreign(connection)) {
      return ForeignIntake.enqueue(tx, drafts, now());
    }
  }

  /// Reads a payload.
  public <P> P decode(String payload, Class<P> type) {
    return drafting.decode(payload, type);
  }

  // ---- claims and ends

  /// Claims jobs by hand, whosever they are.
  public List<Lease> claim(ClaimRequest request) {
    return claim(request, Scope.ALL);
  }

  /// Claims jobs by hand.
  public List<Lease> claim(ClaimRequest request, Scope scope) {
    Demand demand = demand(request, scope);
    List<Claimed> claimed = store.writer().call(handClaims, demand, request.limit(), 0);
    return leases(claimed, request.lease());
  }

  private Demand demand(ClaimRequest request, Scope scope) {
    request.kinds().forEach(Drafting::notReserved);
    return new Demand(
        request.kinds(),
        request.capabilities(),
        request.limit(),
        request.remote() ? Identity.REMOTE : identity.guest(),
        request.lease().toMillis(),
        _ -> Integer.MAX_VALUE,
        request.affinityKey(),
        false,
        scope);
  }

  List<Lease> leases(List<Claimed> jobs, Duration length) {
    return jobs.stream()
        .<Lease>map(
            job -> new HandLease(this, job, Instant.ofEpochMilli(job.startedAt()).plus(length)))
        .toList();
  }

  /// Claims jobs by hand, now or as soon as there are any, whosever they are.
  public StandingClaim standingClaim(ClaimRequest request) {
    return standingClaim(request, Scope.ALL);
  }

  /// Claims jobs by hand, now or as soon as there are any.
  public StandingClaim standingClaim(ClaimRequest request, Scope scope) {
    closing.check();
    Standing claim = new Standing(this, demand(request, scope), request.lease());
    store.writer().call(standing, claim, request.limit(), 0);
    return claim;
  }

  StandingClaims standing() {
    return standing;
  }

  /// Records the end of an attempt and waits for it; returns whether the lease held.
  boolean settle(Settlement settlement) {
    return store.writer().call(settling, settlement, 1, settlement.bytes());
  }

  /// Records the end of an attempt; `told` is called on the thread that writes.
  void settle(Settlement settlement, BiConsumer<Boolean, RuntimeException> told) {
    store.writer().send(settling, settlement, 1, settlement.bytes(), told);
  }

  /// Writes what a handler said.
  void note(Settlement notes) {
    store.writer().send(Noting.STEP, notes, 1, notes.bytes(), (_, _) -> {});
  }

  /// Completes a job inside its handler's own transaction.
  boolean complete(
      Connection connection, Claimed job, Optional<String> result, List<Draft> followUps)
      throws SQLException {
    store.writer().expectForeign();
    try (Tx tx = store.foreign(connection)) {
      boolean held =
          EndTable.completeUncounted(tx, job.id(), job.fence(), result.orElse(null), now());
      if (held) {
        ForeignIntake.followUp(tx, followUps, now());
      }
      return held;
    }
  }

  // ---- for rooms and desks

  /// Changes the policy of a kind; writes only what differs.
  public KindPolicy policy(String kind, UnaryOperator<KindPolicy> change) {
    return new KindDesk(this).policy(kind, change);
  }

  /// Deletes jobs, up to the first that runs; returns whether none does. Belongs to the thread that
  /// writes.
  public boolean delete(Tx tx, List<Long> jobs) throws SQLException {
    return new Deleting(this, tx).all(jobs);
  }

  /// Adds what a room has to do without anybody asking.
  public void chore(Chore chore) {
    beat.add(chore);
    wake();
  }

  /// Lets a room tell of workers that are in no engine.
  public void elsewhere(Elsewhere workers) {
    elsewhere = workers;
  }

  Elsewhere elsewhere() {
    return elsewhere;
  }

  /// Lets a room attach what workers say is an artifact of their jobs.
  public void attaching(Attaching room) {
    attaching = room;
  }

  Optional<Artifact> attach(Claimed job, NewArtifact artifact, InputStream content)
      throws IOException {
    return attaching.attach(job.id(), job.fence(), artifact, content);
  }

  /// Makes a durable change.
  <T> T write(Work<T> work) {
    return store.writer().write(work);
  }

  /// Answers a question.
  <T> T read(Work<T> question) {
    return store.readers().read(question);
  }

  /// Tells of the transitions of all jobs.
  public AutoCloseable listen(Consumer<JobEvent> listener) {
    return listen(Scope.ALL, listener);
  }

  /// Tells of the transitions of jobs.
  public AutoCloseable listen(Scope scope, Consumer<JobEvent> listener) {
    return listeners.add(scope, listener);
  }

  /// How long jobs waited and ran.
  public Timings timings() {
    return ledger.changes().stopwatch().timings();
  }

  /// The handlers at work.
  public List<RunningHandler> running() {
    return pool.snapshot();
  }

  /// Why the end of an attempt could not be written at the last try; it is tried again.
  public Optional<RuntimeException> unwritten() {
    return pool.unwritten();
  }

  /// Who looks on while jobs end.
  public Onlooker onlooker() {
    return onlooker;
  }

  /// The open database.
  public Store store() {
    return store;
  }

  /// The number of this engine among those that run jobs; it is taken at the first call. Not to be
  /// called by the thread that writes.
  public long owner() {
    return identity.register();
  }

  /// How this engine behaves.
  public QuernConfig config() {
    return config;
  }

  /// Whether callers drive it.
  public boolean manual() {
    return manual;
  }

  long now() {
    return store.clock().millis();
  }

  Ledger ledger() {
    return ledger;
  }

  Drafting drafting() {
    return drafting;
  }

  Intake intake() {
    return intake;
  }

  Settling settling() {
    return settling;
  }

  Pool pool() {
    return pool;
  }

  Waits waits() {
    return waits;
  }

  Listeners listeners() {
    return listeners;
  }

  Identity identity() {
    return identity;
  }

  // ---- the end

  /// Stops claims, waits for handlers, gives back the rest, closes. A second call with a shorter
  /// grace shortens the wait of the first.
  public void close(Duration grace) {
    closing.close(grace);
  }
}
