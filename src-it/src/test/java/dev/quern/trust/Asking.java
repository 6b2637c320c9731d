package dev.quern.trust;

import dev.quern.Enqueued;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The ways in which an application enqueues jobs. Each says what it is about to ask and what it
/// was told, as [CutApp] has it. Safe for use by several threads.
final class Asking {
  private static final int BULK = 5;

  private final Quern quern;
  private final Duties duties;
  private final Consumer<String> say;

  Asking(Quern quern, Duties duties) {
    this.quern = quern;
    this.duties = duties;
    this.say = duties.say();
  }

  void single(String token) {
    say.accept("try single " + token);
    Enqueued enqueued = enqueue(List.of(Duties.job(token)), List.of(token));
    acknowledge(token, enqueued, "");
    if (enqueued != null && Duties.action(token).equals("later")) {
      cancel(enqueued.id());
    }
  }

  private void cancel(long id) {
    say.accept("cancel " + id);
    try {
      quern.jobs().cancel(id, "as planned");
      say.accept("end " + id + " cancelled");
    } catch (StoreException fault) {
      // It may be cancelled or not.
      say.accept("told " + fault);
    }
  }

  void unique(String token, String key) {
    say.accept("try unique " + token);
    acknowledge(token, enqueue(List.of(Duties.job(token).dedupeKey(key)), List.of(token)), key);
  }

  void bulk(String token) {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < BULK; i++) {
      tokens.add(i + "/" + token);
    }
    say.accept("try bulk " + String.join(" ", tokens));
    enqueue(tokens.stream().map(Duties::job).toList(), tokens);
  }

  /// Returns what became of the first, or null if they were refused; of several says it all.
  private Enqueued enqueue(List<NewJob> jobs, List<String> tokens) {
    try {
      List<Enqueued> enqueued = quern.enqueueAll(jobs);
      for (int i = 0; jobs.size() > 1 && i < jobs.size(); i++) {
        acknowledge(tokens.get(i), enqueued.get(i), "");
      }
      return enqueued.getFirst();
    } catch (StoreException fault) {
      say.accept("told " + fault);
      if (!(fault instanceof StoreException.OutcomeUnknown)) {
        say.accept("no " + String.join(" ", tokens));
      }
      return null;
    }
  }

  private void acknowledge(String token, Enqueued enqueued, String key) {
    if (enqueued != null) {
      say.accept("ack " + token + " " + enqueued.id() + " " + (enqueued.isNew() ? "new" : key));
    }
  }

  void inOwnTransaction(String token) {
    say.accept("try own " + token);
    try (Connection own = duties.connect()) {
      own.setAutoCommit(false);
      Duties.insert(own, "app_order", token);
      Enqueued enqueued = quern.enqueue(own, Duties.job(token));
      own.commit();
      acknowledge(token, enqueued, "");
    } catch (SQLException | StoreException unknown) {
      // The order and its job may be there, or neither: with the application's own connection this
      // is its own affair.
    }
  }
}
