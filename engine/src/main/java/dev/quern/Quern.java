package dev.quern;

import dev.quern.access.AccessRoom;
import dev.quern.artifact.ArtifactRoom;
import dev.quern.core.Core;
import dev.quern.core.HealthDesk;
import dev.quern.core.JobDesk;
import dev.quern.core.KindDesk;
import dev.quern.core.LeaseDesk;
import dev.quern.core.Scope;
import dev.quern.program.ProgramRoom;
import dev.quern.run.RunRoom;
import dev.quern.webhook.Informer;
import dev.quern.webhook.Postman;
import dev.quern.webhook.WebhookDesk;
import dev.quern.worker.WorkerRoom;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A durable job queue in one SQLite file.
///
/// Jobs are enqueued from any thread, in any process that has the file open; handlers run on
/// virtual threads in every process that registered them and called [#start]. When `enqueue`
/// returns, the job survives kill, crash and power loss. A handler is called at least once for each
/// job, and the end of each job is recorded once.
///
/// Safe for use by several threads. Closing stops claims, lets handlers finish for the configured
/// grace, interrupts the rest and gives their jobs back.
public final class Quern implements AutoCloseable {
  /// The most jobs in one atomic call.
  public static final int BULK_LIMIT = 10_000;

  /// The most bytes of payload in one atomic call: 16 MiB.
  public static final int BULK_BYTES_LIMIT = 16 << 20;

  private final Core core;
  private final Jobs jobs;
  private final LeaseDesk leases;
  private final Kinds kinds;
  private final Programs programs;
  private final Runs runs;
  private final ArtifactRoom artifacts;
  private final Access access;
  private final WorkerRoom workers;
  private final Webhooks webhooks;
  private final Postman postman;

  private Quern(Core core) {
    this.core = core;
    jobs = new JobDesk(core);
    leases = LeaseDesk.of(core);
    kinds = new KindDesk(core);
    programs = new ProgramRoom(core);
    runs = new RunRoom(core);
    artifacts = ArtifactRoom.of(core);
    access = new AccessRoom(core);
    workers = WorkerRoom.of(core);
    webhooks = new WebhookDesk(core, Scope.ALL);
    postman = Postman.of(core);
  }

  /// Opens the store in `file`, which is created if it does not exist; its directory must.
  ///
  /// @throws StoreException if the file cannot be used
  public static Quern open(Path file) {
    return open(file, QuernConfig.DEFAULT);
  }

  /// Opens the store in `file` with a configuration.
  ///
  /// @throws StoreException if the file cannot be used
  public static Quern open(Path file, QuernConfig config) {
    return new Quern(Core.open(file, config, false, Informer::new));
  }

  /// Opens the store in `file`, which must have one: to look at it, say.
  ///
  /// @throws StoreException.Unusable if there is none, or it cannot be used
  public static Quern openExisting(Path file, QuernConfig config) {
    return new Quern(Core.openExisting(file, config, Informer::new));
  }

  /// Opens the store for tests: no thread is started, and what is due by `clock` runs when [#tick]
  /// is called, on the caller's thread. To be used by one thread.
  ///
  /// @throws StoreException if the file cannot be used
  public static Quern manual(Path file, InstantSource clock) {
    return manual(file, QuernConfig.DEFAULT.clock(clock));
  }

  /// Opens the store for tests with a configuration, whose clock is the one to drive.
  ///
  /// @throws StoreException if the file cannot be used
  public static Quern manual(Path file, QuernConfig config) {
    return new Quern(Core.open(file, config, true, Informer::new));
  }

  /// Handles the jobs of a kind, whose payloads are read as `type`. Kinds without a handler are
  /// left alone.
  ///
  /// @return this
  public <P> Quern handle(String kind, Class<P> type, Handler<? super P> handler) {
    core.handle(kind, context -> handler.handle(core.decode(context.payload(), type), context));
    return this;
  }

  /// Starts to claim jobs of the handled kinds, and to deliver webhooks ([WebhookTargets]).
  /// Handlers may be added later too.
  ///
  /// @return this
  public Quern start() {
    postman.employ();
    core.start();
    return this;
  }

  /// Stops to claim jobs; handlers at work go on. [#start] starts again.
  ///
  /// @return this
  public Quern stop() {
    core.stop();
    return this;
  }

  /// Runs everything that is due, again and again until nothing is, on this thread.
  ///
  /// @return how many handlers ran
  /// @throws IllegalStateException if this engine is not manual
  public int tick() {
    return core.tick();
  }

  /// Enqueues a job; when this returns, it is durable.
  ///
  /// @throws IllegalArgumentException if the job is refused: payload too long or not JSON
  /// @throws StoreException if it could not be written
  public Enqueued enqueue(NewJob job) {
    return enqueueAll(List.of(job)).getFirst();
  }

  /// Enqueues jobs, all or none; when this returns, they are durable. At most 10,000 jobs and 16
  /// MiB of payloads.
  ///
  /// @throws IllegalArgumentException if a job is refused; then none is enqueued
  /// @throws StoreException if they could not be written
  public List<Enqueued> enqueueAll(List<NewJob> jobs) {
    return core.enqueue(jobs);
  }

  /// Enqueues jobs, all or none, unless the same request did so within a day: for callers that ask
  /// again when they did not get an answer. Unlike a dedupe key, this also holds when the jobs have
  /// ended.
  ///
  /// @throws IllegalArgumentException if a job is refused; then none is enqueued
  /// @throws StoreException if they could not be written
  public EnqueuedOnce enqueueOnce(RequestKey request, List<NewJob> jobs) {
    return core.enqueueOnce(Core.NOBODY, request, jobs);
  }

  /// Enqueues any number of jobs in batches, each durable before the next is read. If a job is
  /// refused, those before it stay.
  ///
  /// @return how many rows were added; duplicates of live jobs are not counted
  /// @throws IllegalArgumentException if a job is refused
  /// @throws StoreException if a batch could not be written
  public long enqueueEach(Stream<NewJob> jobs) {
    return core.enqueueEach(Core.NOBODY, jobs);
  }

  /// Enqueues a job inside the caller's own transaction: it commits or rolls back with the caller's
  /// work, and is as durable as the caller's connection is set to be.
  ///
  /// @throws IllegalArgumentException if the job is refused, the connection is in auto-commit mode,
  ///   or it belongs to another database
  public Enqueued enqueue(Connection connection, NewJob job) throws SQLException {
    return enqueueAll(connection, List.of(job)).getFirst();
  }

  /// Enqueues jobs inside the caller's own transaction.
  ///
  /// @throws IllegalArgumentException if a job is refused, the connection is in auto-commit mode,
  ///   or it belongs to another database
  public List<Enqueued> enqueueAll(Connection connection, List<NewJob> jobs) throws SQLException {
    return core.enqueue(Core.NOBODY, connection, jobs);
  }

  /// Claims jobs by hand, without handlers. What is claimed is in the order in which it should be
  /// worked on; empty if there is nothing now.
  public List<Lease> claim(ClaimRequest request) {
    return core.claim(request);
  }

  /// Claims jobs by hand, and waits at most `wait` until there are any. Those who wait are served
  /// in the order in which they came, in the commit that makes their jobs ready.
  ///
  /// @throws InterruptedException if this thread is interrupted while it waits; then nothing is
  ///   claimed
  public List<Lease> claim(ClaimRequest request, Duration wait) throws InterruptedException {
    try (StandingClaim claim = core.standingClaim(request)) {
      return claim.await(wait);
    }
  }

  /// Claims jobs by hand, now or as soon as there are any: keeps its place among those who wait
  /// until it is closed.
  public StandingClaim standingClaim(ClaimRequest request) {
    return core.standingClaim(request);
  }

  /// Leases of workers elsewhere, by job and fence.
  public Leases leases() {
    return leases;
  }

  /// How long jobs waited and ran, of those that this process worked on.
  public Timings timings() {
    return core.timings();
  }

  /// The jobs in the store.
  public Jobs jobs() {
    return jobs;
  }

  /// The kinds in the store.
  public Kinds kinds() {
    return kinds;
  }

  /// Programs as handlers.
  public Programs programs() {
    return programs;
  }

  /// Runs: each line of an input a job.
  public Runs runs() {
    return runs;
  }

  /// Artifacts: named contents of jobs.
  public Artifacts artifacts() {
    return artifacts;
  }

  /// Who works on the jobs.
  public Workers workers() {
    return workers;
  }

  /// Tenants and tokens.
  public Access access() {
    return access;
  }

  /// URLs that are told when jobs end, whosever they are.
  public Webhooks webhooks() {
    return webhooks;
  }

  /// The store as one tenant sees it. What is enqueued by this engine itself belongs to no tenant;
  /// whoever looks and claims here sees all.
  ///
  /// @throws IllegalArgumentException if there is no such tenant
  public Tenancy tenant(String id) {
    if (access.tenants().get(id).isEmpty()) {
      throw new IllegalArgumentException(
          "there is no tenant \"%s\": create it with access().tenants().create(…)".formatted(id));
    }
    Scope scope = new Scope(Optional.of(id));
    return new Tenancy(
        core,
        scope,
        artifacts.within(scope),
        leases.within(scope),
        workers.within(scope),
        new WebhookDesk(core, scope));
  }

  /// Tells `listener` of every transition that this engine makes, after its commit and in order, on
  /// a thread of its own. A listener that is more than 100,000 events behind misses some.
  ///
  /// @return stops telling it when closed
  public AutoCloseable listen(Consumer<JobEvent> listener) {
    return core.listen(listener);
  }

  /// The handlers at work in this process.
  public List<RunningHandler> running() {
    return core.running();
  }

  /// How the store is. Reads the whole file, so it takes its time.
  ///
  /// @param thorough whether indexes are compared with their tables, which takes several times as
  ///   long
  public Health health(boolean thorough) {
    return new HealthDesk(core).look(thorough);
  }

  /// Why this engine writes nothing and should be closed: its file seems to be damaged, or is gone.
  /// Empty again once the whole file was read and nothing was wrong with it, the first time that
  /// this happens; and in all other cases, as when the disk is full: the engine goes on by itself.
  public Optional<StoreException> unusable() {
    return core.store().ruin();
  }

  /// Writes a consistent copy of the store to a new file, while it is in use. The file gets its
  /// name when it is whole and on disk.
  ///
  /// @throws IllegalArgumentException if the file exists
  public void backup(Path target) {
    core.store().backup(target);
  }

  /// Closes the engine: claims stop at once, handlers may finish. Closing twice is fine.
  @Override
  public void close() {
    close(core.config().grace());
  }

  /// Closes the engine and lets handlers go on for `grace` before they are interrupted. A second
  /// call with a shorter grace, from another thread, shortens the wait of the first.
  public void close(Duration grace) {
    core.close(grace);
  }
}
