package dev.quern.core;

import dev.quern.TenantPolicy;
import dev.quern.TenantRefusedException.Reason;
import dev.quern.TenantUsage;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a tenant may have in live jobs.
record Quota(String tenant, TenantPolicy policy) {
  /// So many live jobs are counted once in a millisecond at most, ten times as many in ten: a
  /// tenant at its limit has no more than some hundredths of the writer's time.
  private static final long JOBS_PER_MILLI = 1_000;

  /// What is wanted.
  ///
  /// @param drafts of these; none if the jobs are there already
  record Need(long jobs, long bytes, List<Draft> drafts) {
    static final Need NONE = new Need(0, 0, List.of());

    /// Both together.
    Need plus(Need other) {
      return new Need(jobs + other.jobs, bytes + other.bytes, List.of());
    }

    static Need of(List<Draft> drafts) {
      long bytes = drafts.stream().mapToLong(draft -> Drafting.utf8Length(draft.payload())).sum();
      return new Need(drafts.size(), bytes, drafts);
    }

    /// Whether it may turn out to be less: some may be duplicates, or not be inserted after all.
    boolean maybeLess() {
      return drafts.stream().anyMatch(draft -> draft.job().dedupeKey().isPresent());
    }

    /// The same when the job that wants them makes room for one.
    Need oneLess() {
      return new Need(jobs - 1, bytes, drafts);
    }

    /// The same without those that a live job stands for already.
    Need withoutDuplicates(Tx tx, String tenant) throws SQLException {
      List<Draft> duplicates = new ArrayList<>();
      for (Draft draft : drafts) {
        Optional<String> key = draft.job().dedupeKey();
        if (key.isPresent() && JobTable.liveWithKey(tx, tenant, key.get()).isPresent()) {
          duplicates.add(draft);
        }
      }
      Need none = of(duplicates);
      return new Need(Math.max(0, jobs - none.jobs), bytes - none.bytes, List.of());
    }
  }

  /// What is left for certain.
  static final class Room {
    private final long countAgainAt;
    private long jobs;
    private long bytes;
    private boolean maybeMore;

    Room(long jobs, long bytes, long countAgainAt) {
      this.jobs = jobs;
      this.bytes = bytes;
      this.countAgainAt = countAgainAt;
    }

    /// Takes what is needed if all of it is there.
    boolean take(Need need) {
      boolean fits = need.jobs() <= Math.max(0, jobs) && need.bytes() <= Math.max(0, bytes);
      jobs -= fits ? need.jobs() : 0;
      bytes -= fits ? need.bytes() : 0;
      maybeMore |= fits && need.maybeLess();
      return fits;
    }

    /// Takes note that live jobs have become fewer.
    void mayBeMore() {
      maybeMore = true;
    }

    /// Whether a count may find more, and the last one is long enough ago.
    boolean worthACount(long now) {
      return maybeMore && now >= countAgainAt;
    }
  }

  /// Whether there is no limit.
  boolean none() {
    return policy.liveJobs().isEmpty() && policy.payloadBytes().isEmpty();
  }

  /// What is left now, by a count of the live jobs and what is about to be inserted.
  Room room(Tx tx, Need admitted, long now) throws SQLException {
    TenantUsage used = TenantTable.usage(tx, tenant, policy.payloadBytes().isPresent());
    return new Room(
        policy.liveJobs().orElse(Long.MAX_VALUE) - used.liveJobs() - admitted.jobs(),
        policy.payloadBytes().orElse(Long.MAX_VALUE) - used.payloadBytes() - admitted.bytes(),
        now + used.liveJobs() / JOBS_PER_MILLI);
  }

  /// Why something does not fit.
  Refusal refusal(Room room, Need need) {
    return need.jobs() > Math.max(0, room.jobs)
        ? new Refusal(tenant, Reason.LIVE_JOBS, policy.liveJobs().orElse(0L))
        : new Refusal(tenant, Reason.PAYLOAD_BYTES, policy.payloadBytes().orElse(0L));
  }
}
