package dev.quern.core;

import dev.quern.Backoff;
import dev.quern.KindPolicy;
import dev.quern.KindStatus;
import dev.quern.Rate;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// All the SQL of `quern_kind`.
final class KindTable {
  private KindTable() {}

  private static final String COLUMNS =
      """
      kind, rank, max_attempts, max_losses, charges_losses, backoff_base, backoff_cap,
      backoff_jitter, timeout, concurrency, total_concurrency, rate_starts, rate_period,
      keeps_ended, retired, paused_at, pause_reason
      """;

  private static final String ALL = "select " + COLUMNS + " from quern_kind order by kind";

  /// Every kind that has a policy or was ever paused.
  static List<KindStatus> all(Tx tx) throws SQLException {
    return tx.query(ALL, KindTable::status);
  }

  private static final String GET = "select " + COLUMNS + " from quern_kind where kind = ?";

  /// One kind; one that is not stored has the default policy.
  static KindStatus get(Tx tx, String kind) throws SQLException {
    return tx.first(GET, KindTable::status, kind).orElseGet(() -> unknown(kind));
  }

  /// What holds for a kind that is not stored.
  static KindStatus unknown(String kind) {
    return new KindStatus(kind, KindPolicy.DEFAULT, Optional.empty(), Optional.empty());
  }

  private static final String PUT =
      """
      insert into quern_kind (kind, rank, max_attempts, max_losses, charges_losses, backoff_base,
          backoff_cap, backoff_jitter, timeout, concurrency, total_concurrency, rate_starts,
          rate_period, keeps_ended, retired)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (kind) do update set
          rank = excluded.rank, max_attempts = excluded.max_attempts,
          max_losses = excluded.max_losses, charges_losses = excluded.charges_losses,
          backoff_base = excluded.backoff_base, backoff_cap = excluded.backoff_cap,
          backoff_jitter = excluded.backoff_jitter, timeout = excluded.timeout,
          concurrency = excluded.concurrency, total_concurrency = excluded.total_concurrency,
          rate_starts = excluded.rate_starts, rate_period = excluded.rate_period,
          keeps_ended = excluded.keeps_ended, retired = excluded.retired
      """;

  static void put(Tx tx, String kind, KindPolicy p) throws SQLException {
    tx.update(
        PUT,
        kind,
        p.rank(),
        p.maxAttempts(),
        p.maxLosses(),
        flag(p.chargesLosses()),
        p.backoff().base().toMillis(),
        p.backoff().cap().toMillis(),
        flag(p.backoff().jitter()),
        p.timeout().map(Duration::toMillis).orElse(null),
        p.concurrency().orElse(null),
        p.totalConcurrency().orElse(null),
        p.rate().map(Rate::starts).orElse(null),
        p.rate().map(rate -> rate.period().toMillis()).orElse(null),
        flag(p.keepsEnded()),
        flag(p.retired()));
  }

  private static final String PAUSE =
      "update quern_kind set paused_at = ?, pause_reason = ? where kind = ?";

  /// Pauses a stored kind.
  static void pause(Tx tx, String kind, long now, String reason) throws SQLException {
    tx.update(PAUSE, now, reason, kind);
  }

  /// Resumes a stored kind.
  static void resume(Tx tx, String kind) throws SQLException {
    tx.update(PAUSE, null, null, kind);
  }

  /// The open window of a rate.
  ///
  /// @param at when it began
  /// @param starts claims in it
  record Window(long at, int starts) {}

  private static final String WINDOW =
      "select window_at, window_starts from quern_kind where kind = ?";

  static Window window(Tx tx, String kind) throws SQLException {
    return tx.first(WINDOW, row -> new Window(row.getLong(1), row.getInt(2)), kind)
        .orElse(new Window(0, 0));
  }

  private static final String PUT_WINDOW =
      "update quern_kind set window_at = ?, window_starts = ? where kind = ?";

  static void putWindow(Tx tx, String kind, Window window) throws SQLException {
    tx.update(PUT_WINDOW, window.at(), window.starts(), kind);
  }

  private static KindStatus status(ResultSet row) throws SQLException {
    return new KindStatus(
        Columns.present(row, 1),
        policy(row),
        Columns.instant(row, 16),
        Optional.ofNullable(row.getString(17)));
  }

  private static KindPolicy policy(ResultSet row) throws SQLException {
    return new KindPolicy(
        row.getInt(2),
        row.getInt(3),
        row.getInt(4),
        row.getInt(5) == 1,
        new Backoff(duration(row, 6), duration(row, 7), row.getInt(8) == 1),
        Columns.number(row, 9).map(Duration::ofMillis),
        Columns.number(row, 10).map(Math::toIntExact),
        Columns.number(row, 11).map(Math::toIntExact),
        rate(row),
        row.getInt(14) == 1,
        row.getInt(15) == 1);
  }

  private static Optional<Rate> rate(ResultSet row) throws SQLException {
    Optional<Long> starts = Columns.number(row, 12);
    Optional<Long> period = Columns.number(row, 13);
    return starts.map(n -> new Rate(Math.toIntExact(n), Duration.ofMillis(period.orElseThrow())));
  }

  private static Duration duration(ResultSet row, int column) throws SQLException {
    return Duration.ofMillis(row.getLong(column));
  }

  private static int flag(boolean value) {
    return value ? 1 : 0;
  }
}
