package dev.quern.core;

import dev.quern.JobState;
import dev.quern.Leases.Acked;
import dev.quern.Leases.Status;
import dev.quern.store.Step;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Records the ends of attempts that workers elsewhere tell of by job and fence. Used by the thread
/// that writes.
final class Acking implements Step<List<Acking.Claim>, List<Acked>> {
  private static final Acked ABSENT = new Acked(Status.LOST, Optional.empty());

  private final Core core;

  Acking(Core core) {
    this.core = core;
  }

  /// What a worker claims to have done.
  ///
  /// @param scope whose jobs it may have
  record Claim(long jobId, long fence, Verdict verdict, Scope scope) {
    int bytes() {
      return verdict instanceof Verdict.Done done
          ? 100
              + done.result().map(String::length).orElse(0)
              + done.followUps().stream().mapToInt(Draft::bytes).sum()
          : 500;
    }
  }

  @Override
  public Phase phase() {
    return Phase.SETTLE;
  }

  @Override
  public List<List<Acked>> apply(Tx tx, List<List<Claim>> members) throws SQLException {
    List<Claim> all = members.stream().flatMap(List::stream).toList();
    List<Acked> answers = ack(tx, all);
    List<List<Acked>> parts = new ArrayList<>(members.size());
    int from = 0;
    for (List<Claim> member : members) {
      parts.add(List.copyOf(answers.subList(from, from + member.size())));
      from += member.size();
    }
    return parts;
  }

  private List<Acked> ack(Tx tx, List<Claim> claims) throws SQLException {
    Map<Long, LeaseTable.Start> starts =
        LeaseTable.starts(tx, claims.stream().map(Claim::jobId).toList());
    List<Optional<Settlement>> settlements = new ArrayList<>(claims.size());
    for (Claim claim : claims) {
      settlements.add(settlement(tx, claim, Optional.ofNullable(starts.get(claim.jobId()))));
    }
    Iterator<Boolean> held =
        core.settling()
            .applyCarefully(tx, settlements.stream().flatMap(Optional::stream).toList())
            .iterator();
    List<Acked> answers = new ArrayList<>(claims.size());
    for (int i = 0; i < claims.size(); i++) {
      answers.add(settlements.get(i).isPresent() ? acked(tx, claims.get(i), held.next()) : ABSENT);
    }
    return answers;
  }

  /// Empty if there is no such job, or it is another tenant's.
  private Optional<Settlement> settlement(Tx tx, Claim claim, Optional<LeaseTable.Start> start)
      throws SQLException {
    if (start.isEmpty()) {
      return Optional.empty();
    }
    Lane lane = core.ledger().lanes().byId(tx, start.get().lane());
    return claim.scope().sees(lane.tenant())
        ? Optional.of(settlement(claim, lane, start.get().startedAt()))
        : Optional.empty();
  }

  private static Acked acked(Tx tx, Claim claim, boolean recorded) throws SQLException {
    return recorded ? recorded(tx, claim) : notRecorded(tx, claim);
  }

  private static Settlement settlement(Claim claim, Lane lane, long startedAt) {
    return new Settlement(
        claim.jobId(),
        claim.fence(),
        lane,
        startedAt,
        verdict(claim, lane.tenant()),
        Settlement.Notes.NONE,
        false);
  }

  /// Follow-ups are of the tenant of their job.
  private static Verdict verdict(Claim claim, String tenant) {
    return claim.verdict() instanceof Verdict.Done(Optional<String> result, List<Draft> followUps)
        ? new Verdict.Done(result, followUps.stream().map(draft -> draft.of(tenant)).toList())
        : claim.verdict();
  }

  private static Acked recorded(Tx tx, Claim claim) throws SQLException {
    return claim.verdict() instanceof Verdict.Done
        ? new Acked(Status.OK, Optional.of(JobState.DONE))
        : new Acked(Status.OK, LeaseTable.state(tx, claim.jobId()));
  }

  /// An end that was recorded before was told of twice, unless it is that of a lost attempt.
  private static Acked notRecorded(Tx tx, Claim claim) throws SQLException {
    boolean before = AttemptTable.endedUnder(tx, claim.jobId(), claim.fence());
    return new Acked(
        before ? Status.ALREADY_SETTLED : Status.LOST, LeaseTable.state(tx, claim.jobId()));
  }
}
