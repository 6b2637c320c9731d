package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CancelTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final ClaimRequest CLAIM = ClaimRequest.of("mail");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void a_ready_job_ends_at_once() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();

    assertEquals(CancelResult.CANCELLED, quern.jobs().cancel(id, "no longer wanted"));

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.CANCELLED, job.state());
    assertEquals(Optional.of("no longer wanted"), job.note());
    assertEquals(Optional.of(store.clock.instant()), job.endedAt());
    assertEquals(List.of(), quern.claim(CLAIM));
    assertEquals(1, quern.jobs().counts().of(JobState.CANCELLED));
  }

  @Test
  void a_scheduled_job_ends_at_once() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL.delay(Duration.ofMinutes(1))).id();

    assertEquals(CancelResult.CANCELLED, quern.jobs().cancel(id, ""));

    store.clock.advance(Duration.ofMinutes(1));
    quern.tick();
    assertEquals(JobState.CANCELLED, state(quern, id));
  }

  @Test
  void what_has_ended_or_never_was_cannot_be_cancelled() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    quern.claim(CLAIM).getFirst().complete();

    assertEquals(CancelResult.ALREADY_ENDED, quern.jobs().cancel(id, ""));
    assertEquals(CancelResult.NOT_FOUND, quern.jobs().cancel(id + 1, ""));

    assertEquals(JobState.DONE, state(quern, id));
  }

  @Test
  void a_running_job_is_asked_to_stop_and_keeps_its_key_until_it_does() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL.dedupeKey("welcome:42")).id();
    var lease = quern.claim(CLAIM).getFirst();
    assertFalse(lease.cancelRequested());

    assertEquals(CancelResult.REQUESTED, quern.jobs().cancel(id, "no longer wanted"));

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.RUNNING, job.state());
    assertEquals(Optional.of(store.clock.instant()), job.cancelRequestedAt());
    assertTrue(lease.cancelRequested());
    assertFalse(quern.enqueue(MAIL.dedupeKey("welcome:42")).isNew());
  }

  @Test
  void an_attempt_that_does_not_end_well_after_the_request_is_cancelled() {
    var quern = store.manual();
    var failure = new Failure(FailureClass.TRANSIENT, "down", "down");
    for (int way = 0; way < 3; way++) {
      long id = quern.enqueue(MAIL).id();
      var lease = quern.claim(CLAIM).getFirst();
      quern.jobs().cancel(id, "no longer wanted");

      assertTrue(
          switch (way) {
            case 0 -> lease.fail(failure);
            case 1 -> lease.defer(Duration.ofMinutes(1), "later");
            default -> lease.handBack();
          });

      var job = quern.jobs().get(id).orElseThrow();
      assertEquals(JobState.CANCELLED, job.state());
      assertEquals(Optional.of("no longer wanted"), job.note());
      var attempt = quern.jobs().attempts(id).getFirst();
      assertEquals(Outcome.CANCELLED, attempt.outcome());
      assertEquals(way == 0, attempt.failure().isPresent());
    }
  }

  @Test
  void a_worker_that_completes_first_wins() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    var lease = quern.claim(CLAIM).getFirst();
    quern.jobs().cancel(id, "no longer wanted");

    assertTrue(lease.complete());

    assertEquals(JobState.DONE, state(quern, id));
  }

  @Test
  void a_second_request_does_not_move_the_first() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    quern.claim(CLAIM);
    quern.jobs().cancel(id, "first");
    var asked = quern.jobs().get(id).orElseThrow().cancelRequestedAt();
    store.clock.advance(Duration.ofSeconds(1));

    assertEquals(CancelResult.REQUESTED, quern.jobs().cancel(id, "second"));

    assertEquals(asked, quern.jobs().get(id).orElseThrow().cancelRequestedAt());
  }

  @Test
  void a_running_handler_is_interrupted_and_its_job_cancelled() throws Exception {
    var quern = store.open();
    assertEquals(List.of("stopping"), interrupted(quern, quern));
  }

  @Test
  void a_handler_in_another_process_is_interrupted_too() throws Exception {
    assertEquals(List.of("stopping"), interrupted(store.open(), store.open()));
  }

  /// What a handler in one engine notices when another cancels its job.
  private static List<String> interrupted(Quern worker, Quern canceller)
      throws InterruptedException {
    BlockingQueue<String> noticed = new ArrayBlockingQueue<>(10);
    worker.handle("mail", Integer.class, (_, context) -> blockUntilInterrupted(context, noticed));
    long id = worker.start().enqueue(MAIL).id();
    assertEquals("begun", noticed.poll(10, TimeUnit.SECONDS));

    assertEquals(CancelResult.REQUESTED, canceller.jobs().cancel(id, "no longer wanted"));

    var job = worker.jobs().await(id, PATIENCE).orElseThrow();
    assertEquals(JobState.CANCELLED, job.state());
    assertEquals(Optional.of("no longer wanted"), job.note());
    assertEquals(1, worker.jobs().counts().of(JobState.CANCELLED));
    return List.copyOf(noticed);
  }

  private static void blockUntilInterrupted(JobContext context, BlockingQueue<String> noticed)
      throws InterruptedException {
    noticed.add(context.stopping() ? "stopping too early" : "begun");
    try {
      new CountDownLatch(1).await();
    } finally {
      noticed.add(context.stopping() ? "stopping" : "not stopping");
    }
  }

  @Test
  void a_handler_that_returns_all_the_same_completes_its_job() throws Exception {
    var begun = new CountDownLatch(1);
    var quern =
        store
            .open()
            .handle(
                "mail",
                Integer.class,
                (_, _) -> {
                  begun.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    // It had done its work.
                  }
                })
            .start();
    long id = quern.enqueue(MAIL).id();
    begun.await();

    quern.jobs().cancel(id, "no longer wanted");

    assertEquals(JobState.DONE, quern.jobs().await(id, PATIENCE).map(Job::state).orElseThrow());
  }

  @Test
  void a_cancelled_job_can_be_deleted_and_a_live_one_cannot() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL.tags("red")).id();
    assertFalse(quern.jobs().delete(id));
    var lease = quern.claim(CLAIM).getFirst();
    assertFalse(quern.jobs().delete(id));
    quern.jobs().cancel(id, "");
    assertFalse(quern.jobs().delete(id));
    lease.handBack();

    assertTrue(quern.jobs().delete(id));

    assertEquals(Optional.empty(), quern.jobs().get(id));
    assertEquals(0, quern.jobs().counts().of(JobState.CANCELLED));
    assertFalse(quern.jobs().delete(id));
  }

  private static JobState state(Quern quern, long id) {
    return quern.jobs().get(id).orElseThrow().state();
  }
}
