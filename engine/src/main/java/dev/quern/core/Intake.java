package dev.quern.core;

import dev.quern.Enqueued;
import dev.quern.JobState;
import dev.quern.store.Contradiction;
import dev.quern.store.Step;
import dev.quern.store.Tx;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Puts new jobs into the table: all of a batch in one go. Used by the thread that writes.
final class Intake implements Step<List<Draft>, Intake.Answer> {
  /// Fewer rows than this are inserted one by one: a set has a price of its own.
  private static final int SET_LEAST = 4;

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

  /// What became of the jobs of one call.
  ///
  /// @param refusal why none of them was taken in; null if they were
  record Answer(List<Enqueued> enqueued, Refusal refusal) {
    /// @throws dev.quern.TenantRefusedException if they were refused
    List<Enqueued> orThrow() {
      if (refusal != null) {
        throw refusal.exception();
      }
      return enqueued;
    }
  }

  @Override
  public List<Answer> apply(Tx tx, List<List<Draft>> members) throws SQLException {
    List<Refusal> refusals = new ArrayList<>(members.size());
    List<Draft> all = new ArrayList<>(members.size());
    for (List<Draft> member : members) {
      Optional<Refusal> refusal = ledger.tenants().admit(tx, member);
      refusals.add(refusal.orElse(null));
      if (refusal.isEmpty()) {
        all.addAll(member);
      }
    }
    Iterator<Enqueued> answers = insert(tx, all).iterator();
    ledger.tenants().inserted();
    List<Answer> parts = new ArrayList<>(members.size());
    for (int i = 0; i < refusals.size(); i++) {
      int size = refusals.get(i) == null ? members.get(i).size() : 0;
      parts.add(new Answer(next(answers, size), refusals.get(i)));
    }
    return parts;
  }

  private static List<Enqueued> next(Iterator<Enqueued> answers, int size) {
    Enqueued[] part = new Enqueued[size];
    for (int i = 0; i < size; i++) {
      part[i] = answers.next();
    }
    return List.of(part);
  }

  /// Inserts drafts and answers in their order.
  List<Enqueued> insert(Tx tx, List<Draft> drafts) throws SQLException {
    if (drafts.isEmpty()) {
      return List.of();
    }
    List<NewRow> rows = rows(tx, drafts);
    List<NewRow> others = insertAlike(tx, rows);
    Set<Long> skipped = insertEach(tx, others);
    if (!skipped.isEmpty()) {
      // Whether their ids are used up is the affair of the database.
      forget();
    }
    List<Enqueued> answers = new ArrayList<>(rows.size());
    for (NewRow row : rows) {
      answers.add(skipped.contains(row.id()) ? duplicate(tx, row) : added(tx, row));
    }
    return answers;
  }

  /// Inserts the rows that are alike as sets; returns the others.
  private static List<NewRow> insertAlike(Tx tx, List<NewRow> rows) throws SQLException {
    if (rows.size() < SET_LEAST) {
      return rows;
    }
    List<NewRow> others = new ArrayList<>();
    for (Map.Entry<NewRow.Alike, List<NewRow>> set : sets(rows, others).entrySet()) {
      if (set.getValue().size() < SET_LEAST) {
        others.addAll(set.getValue());
      } else if (set.getValue().size() == rows.size()) {
        JobTable.insertNext(tx, set.getKey(), rows);
      } else {
        JobTable.insertAlike(tx, set.getKey(), set.getValue());
      }
    }
    return others;
  }

  /// Most rows are like the one before.
  private static Map<NewRow.Alike, List<NewRow>> sets(List<NewRow> rows, List<NewRow> others) {
    Map<NewRow.Alike, List<NewRow>> sets = new HashMap<>();
    List<NewRow> set = others;
    for (NewRow row : rows) {
      if (!row.plain()) {
        others.add(row);
        continue;
      }
      if (set == others || !row.isLike(set.getLast())) {
        set = sets.computeIfAbsent(row.alike(), _ -> new ArrayList<>());
      }
      set.add(row);
    }
    return sets;
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

  /// Inserts rows unless their dedupe keys are taken; returns the ids of those that were skipped.
  private static Set<Long> insertEach(Tx tx, List<NewRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return Set.of();
    }
    PreparedStatement insert = JobTable.insert(tx);
    for (NewRow row : rows) {
      JobTable.bind(insert, row);
      insert.addBatch();
    }
    int[] inserted = insert.executeBatch();
    Set<Long> skipped = new HashSet<>();
    for (int i = 0; i < inserted.length; i++) {
      if (inserted[i] == 0) {
        skipped.add(rows.get(i).id());
      }
    }
    return skipped;
  }

  private Enqueued added(Tx tx, NewRow row) throws SQLException {
    addExtras(tx, row.id(), row);
    if (row.draft().job().webhook().isPresent()) {
      ledger.changes().addressed();
    }
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
    Optional<String> webhook = row.draft().job().webhook();
    if (webhook.isPresent()) {
      JobTable.insertWebhook(tx, id, webhook.get());
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
        winner.orElseThrow(
            () -> new Contradiction("a job was not inserted, and no duplicate of it is there")),
        false);
  }
}
