package dev.quern.core;

import dev.quern.Enqueued;
import dev.quern.JobState;
import dev.quern.store.Step;
import dev.quern.store.Tx;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts new jobs into the table: all of a batch in one go. Used by the thread that writes.
final class Intake implements Step<List<Draft>, List<Enqueued>> {
  private final Ledger ledger;
  private long nextId;

  Intake(Ledger ledger) {
    this.ledger = ledger;
  }

  /// Forgets what other connections may have changed.
  void forget() {
    nextId = 0;
  }

  @Override
  public Phase phase() {
    return Phase.ENQUEUE;
  }

  @Override
  public List<List<Enqueued>> apply(Tx tx, List<List<Draft>> members) throws SQLException {
    List<Draft> all = members.stream().flatMap(List::stream).toList();
    List<Enqueued> answers = insert(tx, all);
    List<List<Enqueued>> parts = new ArrayList<>(members.size());
    int from = 0;
    for (List<Draft> member : members) {
      parts.add(List.copyOf(answers.subList(from, from + member.size())));
      from += member.size();
    }
    return parts;
  }

  /// Inserts drafts and answers in their order.
  List<Enqueued> insert(Tx tx, List<Draft> drafts) throws SQLException {
    if (drafts.isEmpty()) {
      return List.of();
    }
    List<NewRow> rows = rows(tx, drafts);
    int[] inserted = insertRows(tx, rows);
    List<Enqueued> answers = new ArrayList<>(rows.size());
    for (int i = 0; i < inserted.length; i++) {
      answers.add(inserted[i] == 1 ? added(tx, rows.get(i)) : duplicate(tx, rows.get(i)));
    }
    return answers;
  }

  private List<NewRow> rows(Tx tx, List<Draft> drafts) throws SQLException {
    long now = ledger.now();
    if (nextId == 0) {
      nextId = JobTable.nextId(tx);
    }
    List<NewRow> rows = new ArrayList<>(drafts.size());
    for (Draft draft : drafts) {
      Lane lane = ledger.lanes().of(tx, draft.lane());
      rows.add(NewRow.of(nextId++, draft, lane, ledger.kinds().policy(lane.kind()).rank(), now));
    }
    return rows;
  }

  private static int[] insertRows(Tx tx, List<NewRow> rows) throws SQLException {
    PreparedStatement insert = JobTable.insert(tx);
    for (NewRow row : rows) {
      JobTable.bind(insert, row);
      insert.addBatch();
    }
    return insert.executeBatch();
  }

  private Enqueued added(Tx tx, NewRow row) throws SQLException {
    addExtras(tx, row.id(), row);
    if (row.state() == JobState.READY) {
      ledger.lanes().withWork().add(row.lane());
    } else {
      ledger.scheduled(row.availableAt());
    }
    return new Enqueued(row.id(), true);
  }

  /// Adds what a job has outside its own row.
  static void addExtras(Tx tx, long id, NewRow row) throws SQLException {
    if (row.longPayload()) {
      JobTable.insertPayload(tx, id, row.draft().payload());
    }
    for (String tag : row.draft().job().tags()) {
      JobTable.insertTag(tx, id, tag);
    }
  }

  /// A row that was skipped is a duplicate only if the live job with its key is found: skipping
  /// hides other broken rules too.
  static Enqueued duplicate(Tx tx, NewRow row) throws SQLException {
    Optional<String> key = row.draft().job().dedupeKey();
    Optional<Long> winner =
        key.isPresent()
            ? JobTable.liveWithKey(tx, row.lane().tenant(), key.get())
            : Optional.empty();
    return new Enqueued(
        winner.orElseThrow(() ->
            new IllegalStateException("a job was not inserted, and no duplicate of it is there")),
        false);
  }
}
