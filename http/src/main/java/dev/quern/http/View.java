package dev.quern.http;

import dev.quern.Artifacts;
import dev.quern.ClaimRequest;
import dev.quern.Enqueued;
import dev.quern.EnqueuedOnce;
import dev.quern.JobEvent;
import dev.quern.Jobs;
import dev.quern.KindStatus;
import dev.quern.Leases;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.RequestKey;
import dev.quern.StandingClaim;
import dev.quern.Tenancy;
import dev.quern.Webhooks;
import dev.quern.Workers;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// The store as a caller sees it: all of it, or what belongs to one tenant. Endpoints reach jobs
/// through the view of their caller alone.
///
/// @param tenant whose it is; empty for all
record View(
    Optional<String> tenant,
    Jobs jobs,
    Artifacts artifacts,
    Leases leases,
    Webhooks webhooks,
    Workers workers,
    Supplier<List<KindStatus>> kindList,
    Function<List<NewJob>, List<Enqueued>> intake,
    BiFunction<RequestKey, List<NewJob>, EnqueuedOnce> onceIntake,
    Function<ClaimRequest, StandingClaim> claims,
    Function<Consumer<JobEvent>, AutoCloseable> events) {

  /// All of a store.
  static View of(Quern quern) {
    return new View(
        Optional.empty(),
        quern.jobs(),
        quern.artifacts(),
        quern.leases(),
        quern.webhooks(),
        quern.workers(),
        quern.kinds()::list,
        quern::enqueueAll,
        quern::enqueueOnce,
        quern::standingClaim,
        quern::listen);
  }

  /// What belongs to a tenant.
  static View of(Tenancy tenancy) {
    return new View(
        Optional.of(tenancy.id()),
        tenancy.jobs(),
        tenancy.artifacts(),
        tenancy.leases(),
        tenancy.webhooks(),
        tenancy.workers(),
        tenancy::kinds,
        tenancy::enqueueAll,
        tenancy::enqueueOnce,
        tenancy::standingClaim,
        tenancy::listen);
  }

  List<Enqueued> enqueueAll(List<NewJob> jobs) {
    return intake.apply(jobs);
  }

  EnqueuedOnce enqueueOnce(RequestKey request, List<NewJob> jobs) {
    return onceIntake.apply(request, jobs);
  }

  Enqueued enqueue(NewJob job) {
    return enqueueAll(List.of(job)).getFirst();
  }

  StandingClaim standingClaim(ClaimRequest request) {
    return claims.apply(request);
  }

  List<KindStatus> kinds() {
    return kindList.get();
  }

  AutoCloseable listen(Consumer<JobEvent> listener) {
    return events.apply(listener);
  }
}
