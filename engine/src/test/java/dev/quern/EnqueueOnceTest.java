package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.EnqueuedOnce.Status;
import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EnqueueOnceTest {
  private static final RequestKey KEY = new RequestKey("order:1", "a");

  @RegisterExtension final TestStore store = new TestStore();

  private static List<NewJob> jobs(int count) {
    return java.util.stream.IntStream.range(0, count)
        .mapToObj(i -> NewJob.json("mail", Integer.toString(i)))
        .toList();
  }

  private static long count(Quern quern) {
    return quern.jobs().list(JobFilter.ALL).jobs().size();
  }

  @Test
  void a_request_that_comes_again_has_the_same_answer_and_does_nothing() {
    var quern = store.manual();
    var first = quern.enqueueOnce(KEY, jobs(3));
    quern.jobs().cancel(first.jobs().getFirst().id(), "as it is");

    var again = store.manual().enqueueOnce(KEY, jobs(3));

    assertEquals(Status.NEW, first.status());
    assertEquals(Status.REPLAYED, again.status());
    assertEquals(first.jobs(), again.jobs());
    assertEquals(3, count(quern));
  }

  @Test
  void what_was_a_duplicate_the_first_time_still_is() {
    var quern = store.manual();
    var job = NewJob.json("mail", "1").dedupeKey("k");
    quern.enqueue(job);

    var first = quern.enqueueOnce(KEY, List.of(job));
    assertEquals(false, first.jobs().getFirst().isNew());
    assertEquals(first.jobs(), quern.enqueueOnce(KEY, List.of(job)).jobs());
  }

  @Test
  void a_key_that_another_request_had_is_refused() {
    var quern = store.manual();
    quern.enqueueOnce(KEY, jobs(1));

    var other = quern.enqueueOnce(new RequestKey(KEY.key(), "b"), jobs(2));

    assertEquals(new EnqueuedOnce(Status.KEY_REUSED, List.of()), other);
    assertEquals(1, count(quern));
  }

  @Test
  void after_a_day_a_key_is_free() {
    var quern = store.manual();
    quern.enqueueOnce(KEY, jobs(1));
    store.clock.advance(RequestKey.KEPT);
    assertEquals(Status.REPLAYED, quern.enqueueOnce(KEY, jobs(1)).status());

    store.clock.advance(Duration.ofMillis(1));
    assertEquals(Status.NEW, quern.enqueueOnce(KEY, jobs(1)).status());
    assertEquals(2, count(quern));
  }

  @Test
  void a_request_that_was_refused_may_come_again() {
    var quern = store.manual();
    quern.access().tenants().create("acme", policy -> policy.liveJobs(1));
    var acme = quern.tenant("acme");

    assertThrows(TenantRefusedException.class, () -> acme.enqueueOnce(KEY, jobs(2)));
    quern.access().tenants().update("acme", policy -> policy.liveJobs(2));
    assertEquals(Status.NEW, acme.enqueueOnce(KEY, jobs(2)).status());
  }

  @Test
  void each_tenant_has_keys_of_its_own() {
    var quern = store.manual();
    quern.access().tenants().create("acme", policy -> policy);
    quern.enqueueOnce(KEY, jobs(1));

    assertEquals(Status.NEW, quern.tenant("acme").enqueueOnce(KEY, jobs(1)).status());
  }

  @Test
  void many_that_come_at_once_are_carried_out_once() throws Exception {
    var quern = store.open();
    try (var scope = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        scope.submit(() -> quern.enqueueOnce(KEY, jobs(2)));
      }
    }
    assertEquals(2, count(quern));
  }

  @Test
  void old_requests_are_forgotten_by_and_by() throws Exception {
    var quern = store.manual();
    for (int i = 0; i < 25; i++) {
      quern.enqueueOnce(new RequestKey("old" + i, "a"), jobs(1));
    }
    store.clock.advance(RequestKey.KEPT.plusSeconds(1));
    for (int i = 0; i < 3; i++) {
      quern.enqueueOnce(new RequestKey("new" + i, "a"), jobs(1));
    }
    try (var connection = store.connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery("select count(*) from quern_request")) {
      assertEquals(3, row.getLong(1));
    }
  }
}
