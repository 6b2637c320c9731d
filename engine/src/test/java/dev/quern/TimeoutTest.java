package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TimeoutTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration STUCK_AFTER = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @RegisterExtension final TestStore store = new TestStore();

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @Test
  void a_handler_is_interrupted_when_its_time_is_up_and_the_job_is_tried_again() throws Exception {
    var quern = started((_, _) -> block());
    long id = quern.enqueue(MAIL).id();
    begun.await();

    store.clock.advance(TIMEOUT.plusMillis(1));

    TestStore.eventually(() -> state(quern, id) == JobState.SCHEDULED);
    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(
        Optional.of(new Failure(FailureClass.TIMEOUT, "timeout", "took longer than PT5S")),
        job.failure());
    assertEquals(1, job.attempts());
  }

  @Test
  void a_handler_has_all_of_its_time() throws Exception {
    var quern = started((_, _) -> block());
    long id = quern.enqueue(MAIL).id();
    begun.await();

    store.clock.advance(TIMEOUT);
    probe(quern);
    assertEquals(JobState.RUNNING, state(quern, id));
    release.countDown();

    assertEquals(JobState.DONE, quern.jobs().await(id, PATIENCE).map(Job::state).orElseThrow());
  }

  @Test
  void a_handler_that_returns_in_spite_of_the_interrupt_completes_its_job() throws Exception {
    var quern =
        started((_, context) -> {
          try {
            block();
          } catch (InterruptedException e) {
            assertTrue(context.stopping());
          }
        });
    long id = quern.enqueue(MAIL).id();
    begun.await();

    store.clock.advance(TIMEOUT.plusMillis(1));

    assertEquals(JobState.DONE, quern.jobs().await(id, PATIENCE).map(Job::state).orElseThrow());
  }

  @Test
  void a_handler_says_itself_what_the_interrupt_means() throws Exception {
    var quern =
        started((_, _) -> {
          try {
            block();
          } catch (InterruptedException e) {
            throw JobFailedException.unrecoverable("too_big", "will never be done in time");
          }
        });
    long id = quern.enqueue(MAIL).id();
    begun.await();

    store.clock.advance(TIMEOUT.plusMillis(1));

    var job = quern.jobs().await(id, PATIENCE).orElseThrow();
    assertEquals("too_big", job.failure().orElseThrow().code());
  }

  @Test
  void a_handler_that_ignores_the_interrupt_is_stuck_and_keeps_its_slot() throws Exception {
    var quern = started((_, _) -> ignoreInterrupts());
    long id = quern.enqueue(MAIL).id();
    begun.await();
    store.clock.advance(TIMEOUT.plusMillis(1));
    probe(quern);
    assertFalse(quern.running().getFirst().stuck());
    assertEquals(JobState.RUNNING, state(quern, id));

    store.clock.advance(STUCK_AFTER.plusMillis(1));

    TestStore.eventually(() -> state(quern, id) == JobState.SCHEDULED);
    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(FailureClass.TIMEOUT, job.failure().orElseThrow().failureClass());
    var stuck = quern.running().getFirst();
    assertTrue(stuck.stuck());
    assertEquals(id, stuck.jobId());
    assertTrue(stuck.stack().toString().contains("ignoreInterrupts"), stuck.stack().toString());

    // The slot of the kind is still taken.
    long next = quern.enqueue(MAIL).id();
    probe(quern);
    assertEquals(JobState.READY, state(quern, next));

    release.countDown();
    assertEquals(JobState.DONE, quern.jobs().await(next, PATIENCE).map(Job::state).orElseThrow());
    TestStore.eventually(() -> quern.running().isEmpty());
    assertEquals(JobState.SCHEDULED, state(quern, id), "what it did in the end is too late");
    assertEquals(1, quern.jobs().attempts(id).size());
  }

  @Test
  void a_cancelled_handler_that_ignores_the_interrupt_is_stuck_and_its_job_cancelled()
      throws Exception {
    var quern = started((_, _) -> ignoreInterrupts());
    long id = quern.enqueue(MAIL).id();
    begun.await();
    quern.jobs().cancel(id, "no longer wanted");
    probe(quern);
    assertEquals(JobState.RUNNING, state(quern, id));

    store.clock.advance(STUCK_AFTER.plusMillis(1));

    TestStore.eventually(() -> state(quern, id) == JobState.CANCELLED);
    assertTrue(quern.running().getFirst().stuck());
    release.countDown();
    TestStore.eventually(() -> quern.running().isEmpty());
    assertEquals(JobState.CANCELLED, state(quern, id));
  }

  @Test
  void a_timeout_holds_while_the_writer_is_never_idle() throws Exception {
    var quern = started((_, _) -> block());
    var busy = new AtomicBoolean(true);
    var callers = new ArrayList<Thread>();
    for (int i = 0; i < 32; i++) {
      callers.add(
          Thread.startVirtualThread(() -> {
            while (busy.get()) {
              quern.jobs().cancel(Long.MAX_VALUE, "nobody");
            }
          }));
    }
    long id = quern.enqueue(MAIL).id();
    begun.await();

    store.clock.advance(TIMEOUT.plusMillis(1));

    try {
      TestStore.eventually(() -> state(quern, id) == JobState.SCHEDULED);
    } finally {
      busy.set(false);
      for (Thread caller : callers) {
        caller.join();
      }
    }
  }

  @Test
  void the_handlers_at_work_can_be_seen() throws Exception {
    var quern = started((_, _) -> block());
    assertEquals(List.of(), quern.running());
    long id = quern.enqueue(MAIL).id();
    begun.await();

    var handler = quern.running().getFirst();

    assertEquals(1, quern.running().size());
    assertEquals(id, handler.jobId());
    assertEquals("mail", handler.kind());
    assertEquals(1, handler.fence());
    assertEquals(store.clock.instant(), handler.startedAt());
    assertFalse(handler.stuck());
    release.countDown();
  }

  @Test
  void a_handler_that_has_returned_is_not_stuck_though_its_end_cannot_be_written_yet()
      throws Exception {
    var quern = started((_, _) -> block());
    quern.enqueue(MAIL);
    begun.await();
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      statement.execute("begin immediate");
      release.countDown();
      TestStore.eventually(() -> quern.running().getFirst().stack().isEmpty());

      assertFalse(quern.running().getFirst().stuck());

      statement.execute("rollback");
    }
    TestStore.eventually(() -> quern.running().isEmpty());
  }

  private Quern started(Handler<Integer> handler) {
    var quern =
        store
            .open()
            .handle("mail", Integer.class, handler)
            .handle("probe", Integer.class, (_, _) -> {});
    quern
        .kinds()
        .policy(
            "mail",
            policy ->
                policy
                    .timeout(TIMEOUT)
                    .concurrency(1)
                    .backoff(Backoff.constant(Duration.ofDays(1))));
    return quern.start();
  }

  private void block() throws InterruptedException {
    begun.countDown();
    release.await();
  }

  private void ignoreInterrupts() {
    begun.countDown();
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException e) {
        // It knows better.
      }
    }
  }

  /// Makes the engine go round.
  private static void probe(Quern quern) {
    long id = quern.enqueue(NewJob.json("probe", "1")).id();
    assertTrue(quern.jobs().await(id, PATIENCE).isPresent());
  }

  private static JobState state(Quern quern, long id) {
    return quern.jobs().get(id).orElseThrow().state();
  }
}
