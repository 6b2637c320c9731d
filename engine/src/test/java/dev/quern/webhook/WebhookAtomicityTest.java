package dev.quern.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ClaimRequest;
import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.Lease;
import dev.quern.NewJob;
import dev.quern.NewWebhook;
import dev.quern.Quern;
import dev.quern.WebhookDelivery;
import dev.quern.WebhookTargets;
import dev.quern.support.Quiet;
import dev.quern.support.TestStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Neither an end without its delivery nor a delivery without its end.
class WebhookAtomicityTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();
  @RegisterExtension final Quiet quiet = new Quiet();

  private Quern quern() {
    return store.manual(store.config().webhookTargets(WebhookTargets.NONE));
  }

  private static String hook(Quern quern) {
    return quern.webhooks().create(NewWebhook.of("https://hook.example/")).webhook().id();
  }

  private void execute(String sql) throws SQLException {
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static JobState state(Quern quern, long id) {
    return quern.jobs().get(id).orElseThrow().state();
  }

  private static List<Long> told(Quern quern, String hook) {
    return quern.webhooks().deliveries(hook, 1_000).stream()
        .map(delivery -> delivery.job().orElseThrow())
        .sorted()
        .toList();
  }

  @Test
  void an_end_whose_delivery_cannot_be_written_is_no_end() throws SQLException {
    var quern = quern();
    var hook = hook(quern);
    long id = quern.enqueue(MAIL).id();
    var lease = quern.claim(ClaimRequest.of("mail")).getFirst();
    execute(
        "create trigger broken before insert on quern_delivery begin select raise(abort, 'no'); end");

    assertThrows(RuntimeException.class, lease::complete);
    assertEquals(JobState.RUNNING, state(quern, id));
    execute("drop trigger broken");
    assertTrue(lease.complete());

    assertEquals(List.of(id), told(quern, hook));
  }

  @Test
  void of_a_batch_that_is_undone_and_made_again_each_end_has_one_delivery() throws Exception {
    var quern = store.open(store.config().webhookTargets(WebhookTargets.NONE));
    var hook = hook(quern);
    var ids = new ArrayList<Long>();
    for (int i = 0; i < 64; i++) {
      ids.add(quern.enqueue(MAIL).id());
    }
    long bad = ids.get(20);
    execute(
        "create trigger broken before insert on quern_delivery when new.about = "
            + bad
            + " begin select raise(abort, 'no'); end");
    var threads = new ArrayList<Thread>();
    for (Lease lease : quern.claim(ClaimRequest.of("mail").limit(64))) {
      threads.add(Thread.startVirtualThread(() -> completeIfPossible(lease)));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(JobState.RUNNING, state(quern, bad));
    ids.remove(bad);
    assertEquals(ids, told(quern, hook));
    assertTrue(ids.stream().allMatch(id -> state(quern, id) == JobState.DONE));
  }

  private static void completeIfPossible(Lease lease) {
    try {
      lease.complete();
    } catch (RuntimeException e) {
      // Its delivery could not be written.
    }
  }

  @Test
  void a_webhook_whose_creation_was_undone_is_told_of_nothing() throws SQLException {
    var quern = quern();
    long id = quern.enqueue(MAIL).id();
    execute(
        "create trigger broken before insert on quern_webhook begin select raise(abort, 'no'); end");
    assertThrows(RuntimeException.class, () -> hook(quern));
    quern.claim(ClaimRequest.of("mail")).getFirst().complete();

    assertEquals(List.of(), quern.webhooks().deliveriesOf(id, 10));
  }

  @Test
  void an_end_in_a_handlers_own_transaction_is_told_when_it_is_counted() throws SQLException {
    var quern = quern();
    var hook = hook(quern);
    var told = new ArrayList<List<Long>>();
    quern
        .handle(
            "mail",
            Object.class,
            (_, job) -> {
              try (var connection = store.connect()) {
                connection.setAutoCommit(false);
                job.complete(connection);
                connection.commit();
              }
              told.add(told(quern, hook));
            })
        .start();
    long id = quern.enqueue(MAIL).id();
    quern.tick();

    assertEquals(List.of(List.of()), told);
    assertEquals(List.of(id), told(quern, hook));
  }

  @Test
  void an_end_that_nobody_has_counted_is_told_before_its_job_is_requeued_or_deleted()
      throws SQLException {
    for (boolean delete : List.of(true, false)) {
      var quern = quern();
      var hook = hook(quern);
      long id = quern.enqueue(NewJob.json("kind" + delete, "1")).id();
      quern
          .handle(
              "kind" + delete,
              Object.class,
              (_, job) -> {
                if (!quern.jobs().get(id).map(Job::requeues).orElse(0).equals(0)) {
                  return;
                }
                try (var connection = store.connect()) {
                  connection.setAutoCommit(false);
                  job.complete(connection);
                  connection.commit();
                }
                if (delete) {
                  quern.jobs().delete(id);
                } else {
                  quern.jobs().requeue(id);
                }
                assertEquals(List.of(id), told(quern, hook));
              })
          .start();
      quern.tick();

      assertEquals(delete ? List.of(id) : List.of(id, id), told(quern, hook));
    }
  }

  @Test
  void a_job_that_is_lost_once_too_often_is_told_of_by_whoever_finds_it() {
    var config = store.config().webhookTargets(WebhookTargets.NONE);
    var quern = store.manual(config);
    var hook = hook(quern);
    quern.kinds().policy("mail", policy -> policy.maxLosses(0));
    long id = quern.enqueue(MAIL).id();
    store.manual(config).claim(ClaimRequest.of("mail").lease(Duration.ofSeconds(1)));
    for (int i = 0; i < 100 && state(quern, id) != JobState.FAILED; i++) {
      store.clock.advance(Duration.ofSeconds(5));
      quern.tick();
    }

    assertEquals(JobState.FAILED, state(quern, id));
    assertEquals(List.of(id), told(quern, hook));
    assertEquals(
        List.of("job.failed"),
        quern.webhooks().deliveries(hook, 10).stream().map(WebhookDelivery::event).toList());
  }

  @Test
  void a_job_that_ends_and_is_deleted_in_one_batch_is_told() throws Exception {
    var quern = store.open(store.config().webhookTargets(WebhookTargets.NONE));
    var hook = hook(quern);
    var ids = new ArrayList<Long>();
    for (int i = 0; i < 100; i++) {
      ids.add(quern.enqueue(MAIL).id());
    }
    var threads = new ArrayList<Thread>();
    for (long id : ids) {
      threads.add(Thread.startVirtualThread(() -> quern.jobs().cancel(id, "not wanted")));
      threads.add(Thread.startVirtualThread(() -> deleteWhenEnded(quern, id)));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(ids, told(quern, hook));
  }

  private static void deleteWhenEnded(Quern quern, long id) {
    while (!quern.jobs().delete(id)) {
      Thread.onSpinWait();
    }
  }
}
