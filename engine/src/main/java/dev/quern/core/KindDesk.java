package dev.quern.core;

import dev.quern.Failure;
import dev.quern.KindPolicy;
import dev.quern.KindStatus;
import dev.quern.Kinds;
import dev.quern.NewJob;
import dev.quern.json.Texts;
import dev.quern.store.Tx;
import dev.quern.store.Work;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// The kinds, as the lobby offers them.
public final class KindDesk implements Kinds {
  private static final int PURGE_PAGE = 500;

  private final Core core;

  /// The kinds of an engine.
  public KindDesk(Core core) {
    this.core = core;
  }

  @Override
  public KindPolicy policy(String kind, UnaryOperator<KindPolicy> change) {
    NewJob.json(kind, "null");
    KindPolicy before = get(kind).policy();
    return change.apply(before).equals(before)
        ? before
        : write(tx -> put(tx, kind, change)).policy();
  }

  private KindStatus put(Tx tx, String kind, UnaryOperator<KindPolicy> change) throws SQLException {
    KindTable.put(tx, kind, change.apply(KindTable.get(tx, kind).policy()));
    return KindTable.get(tx, kind);
  }

  @Override
  public void pause(String kind, String reason) {
    NewJob.json(kind, "null");
    String kept = Texts.cut(reason, Failure.MESSAGE_LIMIT);
    write(tx -> {
      put(tx, kind, UnaryOperator.identity());
      KindTable.pause(tx, kind, core.now(), kept);
      return true;
    });
  }

  @Override
  public void resume(String kind) {
    write(tx -> {
      KindTable.resume(tx, kind);
      return true;
    });
  }

  /// Writes, and lets the writer read the kinds anew within the same batch.
  private <T> T write(Work<T> work) {
    return core.write(tx -> {
      T answer = work.apply(tx);
      core.ledger().kinds().refresh(tx);
      return answer;
    });
  }

  /// The kinds of which a scope sees jobs, by name; those of all jobs with every policy and pause.
  public List<KindStatus> list(Scope scope) {
    if (scope.tenant().isEmpty()) {
      return list();
    }
    return core.read(tx -> {
      TreeMap<String, KindStatus> kinds = new TreeMap<>();
      for (Lane lane : LaneTable.newerThan(tx, 0)) {
        if (scope.sees(lane.tenant())) {
          kinds.put(lane.kind(), KindTable.get(tx, lane.kind()));
        }
      }
      return List.copyOf(kinds.values());
    });
  }

  @Override
  public List<KindStatus> list() {
    return core.read(tx -> {
      TreeMap<String, KindStatus> kinds = new TreeMap<>();
      LaneTable.newerThan(tx, 0)
          .forEach(lane -> kinds.put(lane.kind(), KindTable.unknown(lane.kind())));
      KindTable.all(tx).forEach(status -> kinds.put(status.kind(), status));
      return List.copyOf(kinds.values());
    });
  }

  @Override
  public KindStatus get(String kind) {
    return core.read(tx -> KindTable.get(tx, kind));
  }

  @Override
  public long purgeRetired() {
    long purged = 0;
    for (int page = purgePage(); page > 0; page = purgePage()) {
      purged += page;
    }
    return purged;
  }

  private int purgePage() {
    return core.write(tx -> {
      for (Lane lane : LaneTable.newerThan(tx, 0)) {
        int purged = core.ledger().kinds().policy(lane.kind()).retired() ? purge(tx, lane) : 0;
        if (purged > 0) {
          return purged;
        }
      }
      return 0;
    });
  }

  private int purge(Tx tx, Lane lane) throws SQLException {
    return Purge.page(tx, core.ledger().changes(), lane, PURGE_PAGE);
  }
}
