package dev.quern;

import dev.quern.core.Core;
import dev.quern.core.JobDesk;
import dev.quern.core.KindDesk;
import dev.quern.core.Scope;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The store as one tenant sees it ([Quern#tenant]): what is enqueued here is the tenant's, and
/// nothing else is there. Jobs of others are absent, whatever is asked of them. Dedupe keys are the
/// tenant's own. Safe for use by several threads.
///
/// Kinds and their policies are shared by all tenants, and so are the handlers of this process.
/// Follow-ups of a job belong to its tenant; where its quotas leave no room for them, the attempt
/// fails with the code `quota_exceeded` and is tried again.
public final class Tenancy {
  private final Core core;
  private final Scope scope;
  private final String id;
  private final Jobs jobs;
  private final Artifacts artifacts;
  private final Leases leases;
  private final Workers workers;
  private final Webhooks webhooks;

  Tenancy(
      Core core,
      Scope scope,
      Artifacts artifacts,
      Leases leases,
      Workers workers,
      Webhooks webhooks) {
    this.core = core;
    this.scope = scope;
    this.id = scope.tenant().orElseThrow();
    this.jobs = new JobDesk(core, scope);
    this.artifacts = artifacts;
    this.leases = leases;
    this.workers = workers;
    this.webhooks = webhooks;
  }

  /// The id of the tenant.
  public String id() {
    return id;
  }

  /// Enqueues a job of the tenant: [Quern#enqueue(NewJob)].
  ///
  /// @throws TenantRefusedException if the tenant is suspended or has no room left
  public Enqueued enqueue(NewJob job) {
    return enqueueAll(List.of(job)).getFirst();
  }

  /// Enqueues jobs of the tenant, all or none: [Quern#enqueueAll(List)].
  ///
  /// @throws TenantRefusedException if the tenant is suspended or has no room left for all
  public List<Enqueued> enqueueAll(List<NewJob> jobs) {
    return core.enqueue(id, jobs);
  }

  /// Enqueues jobs of the tenant, unless the same request did so before: [Quern#enqueueOnce].
  ///
  /// @throws TenantRefusedException if the tenant is suspended or has no room left for all
  public EnqueuedOnce enqueueOnce(RequestKey request, List<NewJob> jobs) {
    return core.enqueueOnce(id, request, jobs);
  }

  /// Enqueues any number of jobs of the tenant in batches: [Quern#enqueueEach].
  ///
  /// @throws TenantRefusedException if the tenant is suspended or has no room left; the batches
  ///   before stay
  public long enqueueEach(Stream<NewJob> jobs) {
    return core.enqueueEach(id, jobs);
  }

  /// Enqueues a job of the tenant inside the caller's own transaction: [Quern#enqueue(Connection,
  /// NewJob)].
  ///
  /// @throws TenantRefusedException if the tenant is suspended or has no room left
  public Enqueued enqueue(Connection connection, NewJob job) throws SQLException {
    return enqueueAll(connection, List.of(job)).getFirst();
  }

  /// Enqueues jobs of the tenant inside the caller's own transaction.
  ///
  /// @throws TenantRefusedException if the tenant is suspended or has no room left for all
  public List<Enqueued> enqueueAll(Connection connection, List<NewJob> jobs) throws SQLException {
    return core.enqueue(id, connection, jobs);
  }

  /// Claims jobs of the tenant by hand; none while it is suspended.
  public List<Lease> claim(ClaimRequest request) {
    return core.claim(request, scope);
  }

  /// Claims jobs of the tenant by hand, now or as soon as there are any: [Quern#standingClaim].
  public StandingClaim standingClaim(ClaimRequest request) {
    return core.standingClaim(request, scope);
  }

  /// Leases on jobs of the tenant, by job and fence; those of others are lost.
  public Leases leases() {
    return leases;
  }

  /// The workers of the tenant; engines, which work for all tenants, are not among them.
  public Workers workers() {
    return workers;
  }

  /// The jobs of the tenant.
  public Jobs jobs() {
    return jobs;
  }

  /// The artifacts of its jobs.
  public Artifacts artifacts() {
    return artifacts;
  }

  /// The URLs of the tenant that are told when its jobs end.
  public Webhooks webhooks() {
    return webhooks;
  }

  /// The kinds of which it has or had jobs, by name.
  public List<KindStatus> kinds() {
    return new KindDesk(core).list(scope);
  }

  /// Tells `listener` of the transitions of the tenant's jobs: [Quern#listen].
  ///
  /// @return stops telling it when closed
  public AutoCloseable listen(Consumer<JobEvent> listener) {
    return core.listen(scope, listener);
  }
}
