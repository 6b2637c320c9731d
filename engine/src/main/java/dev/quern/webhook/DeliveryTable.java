package dev.quern.webhook;

import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.JobState;
import dev.quern.WebhookDelivery;
import dev.quern.WebhookReplay;
import dev.quern.core.Scope;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All the SQL of `quern_delivery` and `quern_job_webhook`, and what deliveries have to know of
/// jobs.
final class DeliveryTable {
  private DeliveryTable() {}

  /// Where a delivery goes, and what it tells.
  ///
  /// @param tenant who may see it
  /// @param webhook the webhook; empty for the URL of a single job
  /// @param url the URL of a single job; empty for a webhook
  /// @param event what it tells
  /// @param about the job it tells of
  record Parcel(
      String tenant,
      Optional<String> webhook,
      Optional<String> url,
      String event,
      Optional<Long> about) {}

  private static final String ANY_ADDRESSED = "select exists (select 1 from quern_job_webhook)";

  /// Whether any job has a URL.
  static boolean anyAddressed(Tx tx) throws SQLException {
    return tx.number(ANY_ADDRESSED) == 1;
  }

  private static final String ADDRESS = "select url from quern_job_webhook where job_id = ?";

  /// The URL of a job.
  static Optional<String> address(Tx tx, long jobId) throws SQLException {
    return tx.first(ADDRESS, row -> row.getString(1), jobId);
  }

  private static final String NOTICE =
      """
      select attempts, ended_at, failure_code, failure_message from quern_job where id = ?
      """;

  /// What there is to tell of a job that has ended.
  static Notice notice(Tx tx, String tenant, String kind, long jobId, JobState state)
      throws SQLException {
    return tx.first(NOTICE, row -> notice(row, tenant, kind, jobId, state), jobId).orElseThrow();
  }

  private static Notice notice(
      ResultSet row, String tenant, String kind, long jobId, JobState state) throws SQLException {
    boolean failed = state == JobState.FAILED;
    return new Notice(
        jobId,
        kind,
        tenant,
        state,
        row.getInt(1),
        Instant.ofEpochMilli(row.getLong(2)),
        failed
            ? Optional.of(new Notice.Why(row.getString(3), row.getString(4)))
            : Optional.empty());
  }

  private static final String INSERT =
      """
      insert into quern_delivery (job_id, tenant, webhook, url, event, about)
      values (?, ?, ?, ?, ?, ?)
      """;

  static void insert(Tx tx, long id, Parcel parcel) throws SQLException {
    tx.update(
        INSERT,
        id,
        parcel.tenant(),
        parcel.webhook().orElse(null),
        parcel.url().orElse(null),
        parcel.event(),
        parcel.about().orElse(null));
  }

  private static final String PARCEL =
      "select tenant, webhook, url, event, about from quern_delivery where job_id = ?";

  /// Where a delivery goes.
  static Optional<Parcel> parcel(Tx tx, long id) throws SQLException {
    return tx.first(
        PARCEL,
        row ->
            new Parcel(
                row.getString(1),
                Optional.ofNullable(row.getString(2)),
                Optional.ofNullable(row.getString(3)),
                row.getString(4),
                WebhookTable.number(row, 5)),
        id);
  }

  private static final String WAITING =
      """
      select count(*)
        from (select job_id from quern_delivery where webhook = ? order by job_id desc limit ?) as d
        join quern_job as j on j.id = d.job_id
       where j.ended_at is null
      """;

  /// How many of the last deliveries to a webhook have not ended.
  static long waiting(Tx tx, String webhook, int last) throws SQLException {
    return tx.number(WAITING, webhook, last);
  }

  private static final String DELIVERY =
      """
      select d.job_id, d.webhook, d.about, d.event, j.state, j.attempts, j.result, j.failure_class,
             j.failure_code, j.failure_message, j.created_at, j.available_at, j.ended_at
        from quern_delivery as d join quern_job as j on j.id = d.job_id
       where d.%s = ? and d.tenant = coalesce(?, d.tenant)
       order by d.job_id desc limit ?
      """;

  private static final String FIND = DELIVERY.formatted("job_id");

  /// A delivery that a scope sees.
  static Optional<WebhookDelivery> find(Tx tx, long id, Scope scope) throws SQLException {
    return tx.first(FIND, DeliveryTable::delivery, id, scope.argument(), 1);
  }

  private static final String OF_WEBHOOK = DELIVERY.formatted("webhook");

  /// The last deliveries to a webhook that a scope sees.
  static List<WebhookDelivery> ofWebhook(Tx tx, String webhook, Scope scope, int limit)
      throws SQLException {
    return tx.query(OF_WEBHOOK, DeliveryTable::delivery, webhook, scope.argument(), limit);
  }

  private static final String ABOUT = DELIVERY.formatted("about");

  /// The last deliveries that tell of a job, of those that a scope sees.
  static List<WebhookDelivery> about(Tx tx, long job, Scope scope, int limit) throws SQLException {
    return tx.query(ABOUT, DeliveryTable::delivery, job, scope.argument(), limit);
  }

  /// A delivery that may be sent again, as it was seen.
  record Seen(long id, JobState state) {}

  private static final String TO_REPLAY =
      """
      select d.job_id, j.state
        from quern_delivery as d join quern_job as j on j.id = d.job_id
       where d.webhook = ? and d.job_id > ? and j.created_at >= ? and j.created_at < ?
         and (j.state in ('failed', 'cancelled') or j.state = 'scheduled' and j.attempts > 0
              or j.state = 'done' and ? = 1)
       order by d.job_id limit ?
      """;

  /// The first deliveries to a webhook in a range, as many as asked for and one more. One that
  /// waits before its first attempt was sent away by a busy host, so it is on its way.
  static List<Seen> toReplay(Tx tx, String webhook, WebhookReplay range) throws SQLException {
    return tx.query(
        TO_REPLAY,
        row -> new Seen(row.getLong(1), JobState.of(row.getString(2))),
        webhook,
        range.after(),
        range.from().toEpochMilli(),
        range.to().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE),
        range.all() ? 1 : 0,
        range.limit() + 1);
  }

  private static WebhookDelivery delivery(ResultSet row) throws SQLException {
    Optional<Failure> failure = failure(row);
    return new WebhookDelivery(
        row.getLong(1),
        Optional.ofNullable(row.getString(2)),
        WebhookTable.number(row, 3),
        row.getString(4),
        JobState.of(row.getString(5)),
        row.getInt(6),
        Receipt.status(Optional.ofNullable(row.getString(7)), failure),
        failure,
        Instant.ofEpochMilli(row.getLong(11)),
        Instant.ofEpochMilli(row.getLong(12)),
        WebhookTable.instant(row, 13));
  }

  /// A delivery that was taken after all has no failure.
  private static Optional<Failure> failure(ResultSet row) throws SQLException {
    return row.getString(8) == null || row.getString(7) != null
        ? Optional.empty()
        : Optional.of(
            new Failure(FailureClass.of(row.getString(8)), row.getString(9), row.getString(10)));
  }
}
