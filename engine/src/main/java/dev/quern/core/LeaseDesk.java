package dev.quern.core;

import dev.quern.Leases;
import dev.quern.NewJob;
import java.util.List;
import java.util.Optional;

/// Leases by job and fence, as the lobby offers them.
public final class LeaseDesk implements Leases {
  private final Core core;
  private final Acking acking;
  private final Renewing renewing;
  private final Scope scope;

  private LeaseDesk(Core core, Acking acking, Renewing renewing, Scope scope) {
    this.core = core;
    this.acking = acking;
    this.renewing = renewing;
    this.scope = scope;
  }

  /// The leases of an engine.
  public static LeaseDesk of(Core core) {
    return new LeaseDesk(core, new Acking(core), new Renewing(core), Scope.ALL);
  }

  /// The same as one tenant sees it.
  public LeaseDesk within(Scope tenant) {
    return new LeaseDesk(core, acking, renewing, tenant);
  }

  @Override
  public List<Renewed> renew(List<Renewal> renewals) {
    Renewing.Member member = new Renewing.Member(renewals, scope);
    return renewals.isEmpty()
        ? List.of()
        : core.store().writer().call(renewing, member, renewals.size(), 100 * renewals.size());
  }

  @Override
  public List<Acked> ack(List<Ack> acks) {
    List<Acking.Claim> claims = acks.stream().map(this::claim).toList();
    int bytes = claims.stream().mapToInt(Acking.Claim::bytes).sum();
    return claims.isEmpty()
        ? List.of()
        : core.store().writer().call(acking, claims, claims.size(), bytes);
  }

  private Acking.Claim claim(Ack ack) {
    return new Acking.Claim(ack.jobId(), ack.fence(), verdict(ack.end()), scope);
  }

  /// The tenant is found with the job.
  private Draft draft(NewJob followUp) {
    return core.drafting().draft("", followUp);
  }

  private Verdict verdict(End end) {
    return switch (end) {
      case End.Done(Optional<String> result, List<NewJob> followUps) ->
          new Verdict.Done(
              result.map(core.drafting()::checkedResult),
              followUps.stream().map(this::draft).toList());
      case End.Failed failed -> new Verdict.Failed(failed.failure(), failed.retryAfter());
      case End.Deferred deferred -> new Verdict.Deferred(deferred.delay(), deferred.reason());
      case End.Released _ -> Verdict.HandedBack.PLAIN;
    };
  }
}
