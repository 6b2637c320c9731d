package dev.quern.core;

import static dev.quern.Transition.CLAIM;

import dev.quern.store.Contradiction;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The SQL of claims: what moves ready jobs to a worker.
final class ClaimTable {
  private ClaimTable() {}

  private static final String READY =
      """
      select case when fence + requeues = 0 and affinity_key is null then id else -id end,
             priority, available_at,
             coalesce(payload, (select payload from quern_payload where job_id = quern_job.id)),
             fence, attempts, requeues, losses, affinity_key
        from quern_job
       where state = 'ready' and lane = ? %s
       order by priority, available_at, id
       limit ?
      """;

  private static final String READY_ANY = READY.formatted("");

  private static final String READY_UNSUSPECTED =
      READY.formatted("and losses < " + Suspects.LOSSES);

  private static final String READY_AFFINE =
      READY.formatted("and affinity_key = ? and priority = ?");

  /// The best ready jobs of a lane, as they will be once they are claimed.
  static List<Claimed> ready(Tx tx, Lane lane, int limit, Stamp stamp) throws SQLException {
    return tx.query(READY_ANY, row -> claimed(row, lane, stamp), lane.id(), limit);
  }

  /// The best ready jobs of a lane that are no suspects.
  static List<Claimed> readyUnsuspected(Tx tx, Lane lane, int limit, Stamp stamp)
      throws SQLException {
    return tx.query(READY_UNSUSPECTED, row -> claimed(row, lane, stamp), lane.id(), limit);
  }

  /// The best ready jobs of a lane that have an affinity key and a priority.
  static List<Claimed> readyAffine(
      Tx tx, Lane lane, int limit, Stamp stamp, String affinityKey, int priority)
      throws SQLException {
    return tx.query(
        READY_AFFINE, row -> claimed(row, lane, stamp), lane.id(), affinityKey, priority, limit);
  }

  /// Who claims, when, and until when.
  record Stamp(long owner, long now, long leaseUntil) {}

  /// A ready job as it will be once it is claimed. To read a column costs as much as to find the
  /// row: the sign of the id tells what most jobs have in five of them.
  private static Claimed claimed(ResultSet row, Lane lane, Stamp stamp) throws SQLException {
    long id = row.getLong(1);
    boolean fresh = id > 0;
    return new Claimed(
        Math.abs(id),
        lane,
        fresh ? 1 : row.getLong(5) + 1,
        fresh ? 1 : row.getInt(6) + 1,
        row.getInt(2),
        row.getLong(3),
        fresh ? 0 : row.getInt(7),
        fresh ? 0 : row.getInt(8),
        fresh ? null : row.getString(9),
        Columns.utf8(row, 4),
        stamp.now());
  }

  private static final String CLAIM_THESE =
      """
      update quern_job
         set state = '%s', fence = fence + 1, attempts = attempts + 1, owner = ?, lease_until = ?,
             started_at = ?
       where id in ({numbers}) and %s
      """
          .formatted(CLAIM.target().label(), CLAIM.guard());

  private static final String CLAIM_RANGE =
      CLAIM_THESE.replace("in ({numbers})", "between ? and ?");

  /// Claims what was found ready in the same transaction. To look first and then to move all at
  /// once costs less than a `returning`, for which SQLite keeps every row twice; nobody else can
  /// write in between.
  static void claim(Tx tx, Stamp stamp, List<Claimed> ready) throws SQLException {
    int moved = 0;
    for (Ids ids : Ids.of(ids(ready))) {
      moved += claim(tx, stamp, ids);
    }
    if (moved != ready.size()) {
      throw new Contradiction(
          "%d jobs were ready and %d could be claimed".formatted(ready.size(), moved));
    }
  }

  private static long[] ids(List<Claimed> jobs) {
    long[] ids = new long[jobs.size()];
    Arrays.setAll(ids, i -> jobs.get(i).id());
    return ids;
  }

  private static int claim(Tx tx, Stamp stamp, Ids ids) throws SQLException {
    return switch (ids) {
      case Ids.Range(long first, long last) ->
          tx.update(CLAIM_RANGE, stamp.owner(), stamp.leaseUntil(), stamp.now(), first, last);
      case Ids.Listed(String array) ->
          tx.update(CLAIM_THESE, stamp.owner(), stamp.leaseUntil(), stamp.now(), array);
    };
  }

  private static final String RUNS_SUSPECT =
      """
      select exists (
          select 1 from quern_job
           where state = 'running' and owner = ? and losses >= %d)
      """
          .formatted(Suspects.LOSSES);

  /// Whether an engine runs a suspect.
  static boolean runsSuspect(Tx tx, long owner) throws SQLException {
    return tx.number(RUNS_SUSPECT, owner) == 1;
  }

  private static final String RUNS_ANY_SUSPECT =
      "select exists (select 1 from quern_job where state = 'running' and losses >= %d)"
          .formatted(Suspects.LOSSES);

  /// Whether any worker runs a suspect.
  static boolean runsSuspect(Tx tx) throws SQLException {
    return tx.number(RUNS_ANY_SUSPECT) == 1;
  }

  private static final String HEADS =
      """
      select priority, available_at, id from quern_job
       where state = 'ready' and lane = ?
       order by priority, available_at, id
       limit ?
      """;

  /// The best ready jobs of a lane, without claiming them.
  static List<Head> heads(Tx tx, Lane lane, int limit) throws SQLException {
    return tx.query(
        HEADS,
        row -> new Head(lane, row.getInt(1), row.getLong(2), row.getLong(3)),
        lane.id(),
        limit);
  }

  /// A ready job at the front of its lane.
  record Head(Lane lane, int priority, long availableAt, long id) implements Comparable<Head> {
    private static final Comparator<Head> ORDER =
        Comparator.comparingInt(Head::priority)
            .thenComparingLong(Head::availableAt)
            .thenComparingLong(Head::id);

    @Override
    public int compareTo(Head other) {
      return ORDER.compare(this, other);
    }
  }

  private static final String RUNNING_OF_KIND =
      """
      select count(*) from quern_job
       where state = 'running'
         and lane in (select id from quern_lane where kind = ?)
      """;

  /// How many jobs of a kind run, over all processes.
  static long runningOfKind(Tx tx, String kind) throws SQLException {
    return tx.number(RUNNING_OF_KIND, kind);
  }

  private static final String RUNNING_OF_KIND_BY =
      """
      select count(*) from quern_job
       where state = 'running' and owner = ?
         and lane in (select id from quern_lane where kind = ?)
      """;

  /// How many jobs of a kind an engine runs.
  static long runningOfKind(Tx tx, String kind, long owner) throws SQLException {
    return tx.number(RUNNING_OF_KIND_BY, owner, kind);
  }
}
