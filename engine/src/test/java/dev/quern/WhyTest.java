package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WhyTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final ClaimRequest CLAIM = ClaimRequest.of("mail");

  @RegisterExtension final TestStore store = new TestStore();

  private Quern quern;

  /// Another process has a handler, without ever being given the time to call it.
  @BeforeEach
  void serve() {
    store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    quern = store.manual();
  }

  @Test
  void of_a_job_that_never_was_there_is_nothing_to_say() {
    assertEquals(Optional.empty(), quern.jobs().why(42));
  }

  @Test
  void a_job_that_is_next_waits_for_a_slot_only() {
    long id = quern.enqueue(MAIL).id();

    assertEquals(List.of("next"), codes(id));
    assertEquals(JobState.READY, quern.jobs().why(id).orElseThrow().state());
  }

  @Test
  void a_delayed_job_is_not_due() {
    long id = quern.enqueue(MAIL.delay(Duration.ofHours(3))).id();

    assertEquals(List.of("not_due"), codes(id));
    var due = store.clock.instant().plus(Duration.ofHours(3));
    assertEquals("not due until " + due + ", in 3 h", text(id));
  }

  @Test
  void a_deferred_job_tells_what_its_handler_said() {
    long id = quern.enqueue(MAIL).id();
    quern.claim(CLAIM).getFirst().defer(Duration.ofMinutes(5), "the model is loading");

    assertEquals(List.of("deferred"), codes(id));
    assertTrue(text(id).endsWith("in 5 min; its handler said: the model is loading"), text(id));
  }

  @Test
  void a_job_that_failed_before_tells_its_failure() {
    quern.kinds().policy("mail", policy -> policy.backoff(Backoff.constant(Duration.ofSeconds(9))));
    long id = quern.enqueue(MAIL).id();
    fail(id);

    assertEquals(List.of("backing_off"), codes(id));
    assertTrue(
        text(id).endsWith("in 9 s; the last attempt failed: it is down (smtp, transient)"),
        text(id));
  }

  @Test
  void a_job_that_failed_and_was_then_deferred_is_deferred() {
    quern.kinds().policy("mail", policy -> policy.backoff(Backoff.constant(Duration.ZERO)));
    long id = quern.enqueue(MAIL).id();
    fail(id);
    quern.tick();
    quern.claim(CLAIM).getFirst().defer(Duration.ofMinutes(5), "the model is loading");

    assertEquals(List.of("deferred"), codes(id));
  }

  @Test
  void a_job_that_was_deferred_and_then_failed_is_backing_off() {
    long id = quern.enqueue(MAIL).id();
    quern.claim(CLAIM).getFirst().defer(Duration.ZERO, "the model is loading");
    quern.tick();
    fail(id);

    assertEquals(List.of("backing_off"), codes(id));
  }

  @Test
  void a_job_may_wait_for_others() throws SQLException {
    long id = quern.enqueue(MAIL).id();
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      statement.executeUpdate("update quern_job set state = 'waiting' where id = " + id);
    }

    assertEquals(List.of("waits"), codes(id));
  }

  @Test
  void a_paused_kind_says_since_when_and_why() {
    long id = quern.enqueue(MAIL).id();
    quern.kinds().pause("mail", "the server is down");

    assertEquals(List.of("paused"), codes(id));
    assertEquals(
        "kind mail is paused since " + store.clock.instant() + ": the server is down", text(id));
  }

  @Test
  void a_retired_kind_is_not_claimed() {
    long id = quern.enqueue(MAIL).id();
    quern.kinds().policy("mail", policy -> policy.retired(true));

    assertEquals(List.of("retired"), codes(id));
  }

  @Test
  void a_limit_over_all_processes_is_reached_by_others() {
    quern.kinds().policy("mail", policy -> policy.totalConcurrency(2));
    quern.enqueueAll(List.of(MAIL, MAIL));
    quern.claim(CLAIM.limit(2));
    long id = quern.enqueue(MAIL).id();

    assertEquals(List.of("limit"), codes(id));
    assertEquals("2 of 2 jobs of kind mail run", text(id));
  }

  @Test
  void a_kind_that_may_not_run_at_all_is_limited() {
    quern.kinds().policy("mail", policy -> policy.concurrency(0));
    long id = quern.enqueue(MAIL).id();

    assertEquals(List.of("limit"), codes(id));
  }

  @Test
  void a_limit_of_each_process_is_reached_when_it_is_in_all_of_them() throws Exception {
    var release = new CountDownLatch(1);
    var worker = store.open().handle("heavy", Integer.class, (_, _) -> release.await()).start();
    quern.kinds().policy("heavy", policy -> policy.concurrency(1));
    var ids = quern.enqueueAll(List.of(NewJob.json("heavy", "1"), NewJob.json("heavy", "2")));
    TestStore.eventually(() -> !worker.running().isEmpty());

    assertEquals(List.of("limit"), codes(ids.getLast().id()));
    assertEquals(
        "each process runs 1 jobs of kind heavy, and no more than that", text(ids.getLast().id()));
    release.countDown();
  }

  @Test
  void a_rate_says_when_its_next_window_opens() {
    quern.kinds().policy("mail", policy -> policy.rate(new Rate(1, Duration.ofMinutes(1))));
    quern.enqueue(MAIL);
    quern.claim(CLAIM).getFirst().complete();
    store.clock.advance(Duration.ofSeconds(20));
    long id = quern.enqueue(MAIL).id();

    assertEquals(List.of("rate"), codes(id));
    var opens = store.clock.instant().plusSeconds(40);
    assertTrue(text(id).endsWith("the next one opens at " + opens), text(id));
    store.clock.advance(Duration.ofSeconds(40));
    assertEquals(List.of("next"), codes(id));
  }

  @Test
  void a_job_is_behind_those_that_come_before_it() {
    quern.enqueueAll(List.of(MAIL, MAIL.priority(1), MAIL, MAIL.priority(500)));
    long id = quern.enqueue(MAIL).id();

    assertEquals(List.of("behind"), codes(id));
    assertEquals("3 jobs of its kind come before it", text(id));
  }

  @Test
  void a_kind_that_nobody_serves_has_no_worker() {
    long id = quern.enqueue(NewJob.json("fax", "1")).id();

    assertEquals(List.of("no_worker"), codes(id));
    assertEquals("no live process has a handler for kind fax", text(id));
  }

  @Test
  void a_process_that_is_gone_is_no_worker() {
    var gone = store.manual().handle("fax", Integer.class, (_, _) -> {}).start();
    long id = quern.enqueue(NewJob.json("fax", "1")).id();
    assertEquals(List.of("next"), codes(id));

    gone.close();

    assertEquals(List.of("no_worker"), codes(id));
  }

  @Test
  void a_capability_that_nobody_has_is_named() {
    store
        .manual(store.config().capabilities(Set.of("gpu")))
        .handle("infer", Integer.class, (_, _) -> {})
        .start();
    long served = quern.enqueue(NewJob.json("infer", "1").requires("gpu")).id();
    long unserved = quern.enqueue(NewJob.json("infer", "1").requires("arm", "gpu")).id();

    assertEquals(List.of("next"), codes(served));
    assertEquals(List.of("no_worker"), codes(unserved));
    assertEquals("no live process with a handler for kind infer has arm, gpu", text(unserved));
  }

  @Test
  void a_scheduled_job_tells_what_will_keep_it_later_too() {
    long id = quern.enqueue(NewJob.json("fax", "1").delay(Duration.ofSeconds(9))).id();
    quern.kinds().pause("fax", "no paper");

    assertEquals(List.of("not_due", "paused", "no_worker"), codes(id));
  }

  @Test
  void a_running_job_tells_by_whom_and_whether_it_was_asked_to_stop() {
    long id = quern.enqueue(MAIL).id();
    quern.claim(CLAIM);

    assertEquals(List.of("running"), codes(id));
    quern.jobs().cancel(id, "no longer wanted");
    assertEquals(List.of("cancel_requested", "running"), codes(id));
  }

  @Test
  void an_ended_job_tells_how_it_ended() {
    long done = quern.enqueue(MAIL).id();
    quern.claim(CLAIM).getFirst().complete();
    long failed = quern.enqueue(MAIL.maxAttempts(1)).id();
    fail(failed);
    long cancelled = quern.enqueue(MAIL).id();
    quern.jobs().cancel(cancelled, "no longer wanted");

    for (long id : List.of(done, failed, cancelled)) {
      assertEquals(List.of("ended"), codes(id));
    }
    var at = "ended at " + store.clock.instant() + ": ";
    assertEquals(at + "done", text(done));
    assertEquals(at + "it is down (smtp, transient)", text(failed));
    assertEquals(at + "no longer wanted", text(cancelled));
  }

  @Test
  void reasons_are_sentences_without_a_full_stop() {
    long id = quern.enqueue(MAIL).id();

    assertFalse(text(id).endsWith("."));
  }

  private void fail(long id) {
    var lease = quern.claim(CLAIM).getFirst();
    assertEquals(id, lease.jobId());
    lease.fail(new Failure(FailureClass.TRANSIENT, "smtp", "it is down"));
  }

  private List<String> codes(long id) {
    return quern.jobs().why(id).orElseThrow().reasons().stream().map(Why.Reason::code).toList();
  }

  /// The strongest reason.
  private String text(long id) {
    return quern.jobs().why(id).orElseThrow().reasons().getFirst().text();
  }
}
