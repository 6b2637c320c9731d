package dev.quern.trust;

import static dev.quern.trust.CrewApp.say;

import dev.quern.Enqueued;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// Enqueues jobs in every way there is, and measures how long that takes.
final class CrewProducer {
  private static final int BULK = 5;
  private static final int SHARED_KEYS = 5;

  /// How many calls are measured at most: who soaks must not leak.
  private static final int CALLS_LIMIT = 200_000;

  private static final Duration DELAY = Duration.ofMillis(800);

  private final Quern quern;
  private final AppTables tables;
  private final CrewApp app;
  private volatile boolean closed;
  private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());

  CrewProducer(Quern quern, AppTables tables, CrewApp app) {
    this.quern = quern;
    this.tables = tables;
    this.app = app;
  }

  /// Enqueues until the application stops.
  void produce(int number) {
    Random random = new Random(app.text("seed").hashCode() + number);
    String[] actions = app.text("actions").split(",");
    for (int n = 0; app.producing() && !closed; n++) {
      String action = actions[random.nextInt(actions.length)];
      int millis = random.nextInt(Math.max(1, app.number("takes", 1)));
      String token = "%s.%d.%d.%s.%d".formatted(app.text("name"), number, n, action, millis);
      timed(() -> enqueue(token, random));
      LockSupport.parkNanos(app.number("pause", 1) * 1_000_000L);
    }
  }

  /// Enqueues one job.
  void enqueueOne(String token) {
    one(token, NewJob.of(CrewApp.KIND, token), "");
  }

  private void enqueue(String token, Random random) throws SQLException {
    switch (random.nextInt(8)) {
      case 0, 1 -> bulk(token);
      case 2 -> inOwnTransaction(token);
      case 3 -> unique(token, "key" + random.nextInt(SHARED_KEYS));
      case 4 -> byHand(token);
      default -> one(token, later(token, NewJob.of(CrewApp.KIND, token)), "");
    }
  }

  private static NewJob later(String token, NewJob job) {
    return CrewHandlers.action(token).equals("later") ? job.delay(DELAY) : job;
  }

  private interface Call {
    void run() throws SQLException;
  }

  private void timed(Call call) {
    long begun = System.nanoTime();
    try {
      call.run();
    } catch (StoreException.Busy busy) {
      say("busy " + busy.getMessage());
    } catch (SQLException fault) {
      say("busy " + fault.getMessage());
    } catch (IllegalStateException closing) {
      closed = true;
    }
    if (nanos.size() < CALLS_LIMIT) {
      nanos.add(System.nanoTime() - begun);
    }
  }

  private void one(String token, NewJob job, String key) {
    say("try " + token);
    acknowledge(token, quern.enqueue(job), key);
  }

  private void unique(String token, String key) {
    one(token, NewJob.of(CrewApp.KIND, token).dedupeKey(key), key);
  }

  /// A job for [HandWorker], where there is one.
  private void byHand(String token) {
    boolean hands = app.number("hands", 0) > 0;
    String byHand = hands ? token + ".hand.0" : token;
    one(byHand, NewJob.of(hands ? CrewApp.BY_HAND : CrewApp.KIND, byHand), "");
  }

  private static void acknowledge(String token, Enqueued enqueued, String key) {
    say("ack " + token + " " + enqueued.id() + " " + (enqueued.isNew() ? "new" : key));
  }

  private void bulk(String token) {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < BULK; i++) {
      tokens.add(i + "/" + token);
    }
    say("try " + String.join(" ", tokens));
    List<NewJob> jobs = tokens.stream().map(each -> NewJob.of(CrewApp.KIND, each)).toList();
    List<Enqueued> enqueued = quern.enqueueAll(jobs);
    for (int i = 0; i < BULK; i++) {
      acknowledge(tokens.get(i), enqueued.get(i), "");
    }
  }

  private void inOwnTransaction(String token) throws SQLException {
    say("try " + token);
    Enqueued enqueued =
        tables.transaction(() -> {
          tables.order(token);
          return quern.enqueue(tables.connection(), NewJob.of(CrewApp.KIND, token));
        });
    acknowledge(token, enqueued, "");
  }

  /// Says how many calls there were and how long they took, in microseconds.
  void tell() {
    say("stat enqueue " + Waits.of(nanos));
  }
}
