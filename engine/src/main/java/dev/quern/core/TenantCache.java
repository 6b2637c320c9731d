package dev.quern.core;

import dev.quern.Tenant;
import dev.quern.TenantPolicy;
import dev.quern.TenantRefusedException.Reason;
import dev.quern.store.MetaTable;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The tenants to which something may be refused, as the writer remembers them, and how much more
/// each may have for certain. That is less than the truth once jobs have ended: the live jobs are
/// counted again only if it does not suffice, and not too often where there are many. Used by the
/// thread that writes.
final class TenantCache {
  /// The key of a number that each change of a tenant moves.
  private static final String VERSION = "tenants";

  private static final String UNKNOWN = "unknown";

  private final Map<String, TenantPolicy> restricted = new HashMap<>();
  private final Map<String, Quota.Room> rooms = new HashMap<>();
  private final Map<String, Quota.Need> admitted = new HashMap<>();
  private final LongSupplier clock;
  private String version = UNKNOWN;

  TenantCache(LongSupplier clock) {
    this.clock = clock;
  }

  /// Reads what other connections may have changed.
  void refresh(Tx tx) throws SQLException {
    rooms.clear();
    String found = MetaTable.get(tx, VERSION).orElse("");
    if (!found.equals(version)) {
      restricted.clear();
      for (Tenant tenant : TenantTable.restricted(tx)) {
        restricted.put(tenant.id(), tenant.policy());
      }
      version = found;
    }
  }

  /// Reads one tenant, for a transaction of a caller's.
  void read(Tx tx, String tenant) throws SQLException {
    TenantTable.get(tx, tenant)
        .filter(found -> found.policy().restricts())
        .ifPresent(found -> restricted.put(tenant, found.policy()));
  }

  /// Takes note of a change, for all processes.
  void changed(Tx tx) throws SQLException {
    long next = Long.parseLong(MetaTable.get(tx, VERSION).orElse("0")) + 1;
    MetaTable.put(tx, VERSION, Long.toString(next));
    refresh(tx);
  }

  /// Forgets everything: what was remembered may have been rolled back.
  void forget() {
    rooms.clear();
    admitted.clear();
    version = UNKNOWN;
  }

  /// Takes note that a job of a tenant has ended.
  void ended(String tenant) {
    Quota.Room room = tenant.isEmpty() ? null : rooms.get(tenant);
    if (room != null) {
      room.mayBeMore();
    }
  }

  /// Takes note that jobs were deleted.
  void deleted() {
    rooms.values().forEach(Quota.Room::mayBeMore);
  }

  /// Takes note that all that were admitted are in the table.
  void inserted() {
    admitted.clear();
  }

  /// Whether the jobs of a tenant may be claimed at all.
  boolean open(String tenant) {
    TenantPolicy policy = policy(tenant);
    return policy == null || !policy.suspended();
  }

  private TenantPolicy policy(String tenant) {
    return tenant.isEmpty() ? null : restricted.get(tenant);
  }

  /// Lets a tenant have more jobs, or says why not. To be followed by [#inserted].
  Optional<Refusal> admit(Tx tx, List<Draft> drafts) throws SQLException {
    String tenant = drafts.getFirst().lane().tenant();
    TenantPolicy policy = policy(tenant);
    if (policy == null) {
      return Optional.empty();
    }
    if (policy.suspended()) {
      return Optional.of(new Refusal(tenant, Reason.SUSPENDED, 0));
    }
    Quota.Need need = Quota.Need.of(drafts);
    Optional<Refusal> refusal = admit(tx, tenant, need);
    if (refusal.isEmpty()) {
      admitted.merge(tenant, need, Quota.Need::plus);
    }
    return refusal;
  }

  /// Lets a tenant have the follow-ups of a job of its own that has ended well, suspended or not.
  Optional<Refusal> admitFollowUps(Tx tx, List<Draft> drafts) throws SQLException {
    String tenant = drafts.getFirst().lane().tenant();
    if (policy(tenant) == null) {
      return Optional.empty();
    }
    Optional<Refusal> refusal = admit(tx, tenant, Quota.Need.of(drafts).oneLess());
    // The lease may be lost, and nothing inserted.
    ended(tenant);
    return refusal;
  }

  /// Lets a job of a tenant live again.
  Optional<Refusal> admitAgain(Tx tx, JobTable.Ended job) throws SQLException {
    return policy(job.tenant()) == null
        ? Optional.empty()
        : admit(
            tx, job.tenant(), new Quota.Need(1, TenantTable.payloadBytes(tx, job.id()), List.of()));
  }

  private Optional<Refusal> admit(Tx tx, String tenant, Quota.Need need) throws SQLException {
    Quota quota = new Quota(tenant, restricted.get(tenant));
    if (quota.none() || room(tx, quota).take(need)) {
      return Optional.empty();
    }
    if (room(tx, quota).worthACount(clock.getAsLong())) {
      rooms.remove(tenant);
    }
    Quota.Need least = need.withoutDuplicates(tx, tenant);
    return room(tx, quota).take(least)
        ? Optional.empty()
        : Optional.of(quota.refusal(room(tx, quota), least));
  }

  private Quota.Room room(Tx tx, Quota quota) throws SQLException {
    Quota.Room room = rooms.get(quota.tenant());
    if (room == null) {
      Quota.Need before = admitted.getOrDefault(quota.tenant(), Quota.Need.NONE);
      room = quota.room(tx, before, clock.getAsLong());
      rooms.put(quota.tenant(), room);
    }
    return room;
  }
}
