package dev.quern.core;

import dev.quern.Tenant;
import dev.quern.TenantPolicy;
import dev.quern.TenantUsage;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// All the SQL of `quern_tenant`, and what counts the jobs of a tenant.
final class TenantTable {
  private TenantTable() {}

  private static final String COLUMNS =
      "id, name, live_jobs, payload_bytes, suspended_at, created_at";

  private static final String ALL = "select " + COLUMNS + " from quern_tenant order by id";

  static List<Tenant> all(Tx tx) throws SQLException {
    return tx.query(ALL, TenantTable::tenant);
  }

  private static final String RESTRICTED =
      "select "
          + COLUMNS
          + " from quern_tenant where coalesce(live_jobs, payload_bytes, suspended_at) is not null";

  /// The tenants to which something may be refused.
  static List<Tenant> restricted(Tx tx) throws SQLException {
    return tx.query(RESTRICTED, TenantTable::tenant);
  }

  private static final String GET = "select " + COLUMNS + " from quern_tenant where id = ?";

  static Optional<Tenant> get(Tx tx, String id) throws SQLException {
    return tx.first(GET, TenantTable::tenant, id);
  }

  private static final String PUT =
      """
      insert into quern_tenant (id, name, live_jobs, payload_bytes, suspended_at, created_at)
      values (?, ?, ?, ?, ?, ?)
      on conflict (id) do update set
          name = excluded.name, live_jobs = excluded.live_jobs,
          payload_bytes = excluded.payload_bytes, suspended_at = excluded.suspended_at
      """;

  /// Adds a tenant, or changes the one with its id.
  static void put(Tx tx, Tenant tenant) throws SQLException {
    TenantPolicy policy = tenant.policy();
    tx.update(
        PUT,
        tenant.id(),
        policy.name(),
        policy.liveJobs().orElse(null),
        policy.payloadBytes().orElse(null),
        tenant.suspendedAt().map(at -> at.toEpochMilli()).orElse(null),
        tenant.createdAt().toEpochMilli());
  }

  private static final String COUNT_LIVE =
      """
      select count(*) from quern_job
       where tenant = ? and tenant <> '' and ended_at is null
      """;

  private static final String SUM_LIVE =
      """
      select coalesce(sum(octet_length(coalesce(payload, (
             select payload from quern_payload where job_id = quern_job.id)))), 0)
        from quern_job
       where tenant = ? and tenant <> '' and ended_at is null
      """;

  /// What a tenant has in live jobs.
  ///
  /// @param withBytes whether to add up payloads, which takes longer; else there are 0
  static TenantUsage usage(Tx tx, String tenant, boolean withBytes) throws SQLException {
    return new TenantUsage(
        tx.number(COUNT_LIVE, tenant), withBytes ? tx.number(SUM_LIVE, tenant) : 0);
  }

  private static final String PAYLOAD_BYTES =
      """
      select octet_length(coalesce(payload, (
             select payload from quern_payload where job_id = quern_job.id)))
        from quern_job where id = ?
      """;

  /// How many bytes the payload of a job has.
  static long payloadBytes(Tx tx, long jobId) throws SQLException {
    return tx.number(PAYLOAD_BYTES, jobId);
  }

  private static final String TENANT_OF = "select tenant from quern_job where id = ?";

  /// Whose a job is.
  static Optional<String> tenantOf(Tx tx, long jobId) throws SQLException {
    return tx.first(TENANT_OF, row -> row.getString(1), jobId);
  }

  private static Tenant tenant(ResultSet row) throws SQLException {
    return new Tenant(
        row.getString(1),
        new TenantPolicy(
            row.getString(2),
            Columns.number(row, 3),
            Columns.number(row, 4),
            Columns.instant(row, 5).isPresent()),
        Columns.instant(row, 6).orElseThrow(),
        Columns.instant(row, 5));
  }
}
