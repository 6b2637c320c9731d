package dev.quern.core;

import dev.quern.Enqueued;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// All the SQL of `quern_request`.
final class RequestTable {
  private RequestTable() {}

  /// A request that was answered.
  record Answered(String fingerprint, List<Enqueued> jobs) {}

  private static final String FIND =
      """
      select fingerprint, jobs from quern_request
       where tenant = ? and key = ? and created_at >= ?
      """;

  /// The request with a key, unless it is older than `since`.
  static Optional<Answered> find(Tx tx, String tenant, String key, long since) throws SQLException {
    return tx.first(
        FIND, row -> new Answered(row.getString(1), jobs(row.getString(2))), tenant, key, since);
  }

  private static List<Enqueued> jobs(String ids) {
    return Arrays.stream(ids.split(","))
        .mapToLong(Long::parseLong)
        .mapToObj(id -> new Enqueued(Math.abs(id), id > 0))
        .toList();
  }

  private static final String PUT =
      """
      insert into quern_request (tenant, key, fingerprint, jobs, created_at) values (?, ?, ?, ?, ?)
      on conflict (tenant, key) do update set
        fingerprint = excluded.fingerprint, jobs = excluded.jobs, created_at = excluded.created_at
      """;

  static void put(Tx tx, String tenant, String key, Answered request, long now)
      throws SQLException {
    String ids =
        request.jobs().stream()
            .map(job -> Long.toString(job.isNew() ? job.id() : -job.id()))
            .collect(Collectors.joining(","));
    tx.update(PUT, tenant, key, request.fingerprint(), ids, now);
  }

  private static final String FORGET =
      """
      delete from quern_request
       where (tenant, key) in
             (select tenant, key from quern_request where created_at < ? limit ?)
      """;

  /// Forgets a few requests that are older than `before`.
  static void forget(Tx tx, long before, int most) throws SQLException {
    tx.update(FORGET, before, most);
  }
}
