package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RequeueTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final ClaimRequest CLAIM = ClaimRequest.of("mail");

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void a_failed_job_is_ready_again_with_fresh_attempts_and_its_history() {
    var quern = store.manual();
    long id = fail(quern, MAIL, FailureClass.UNRECOVERABLE);
    store.clock.advance(Duration.ofHours(1));

    assertEquals(new Requeued(1, List.of(), 0, 0), quern.jobs().requeue(id));

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.READY, job.state());
    assertEquals(0, job.attempts());
    assertEquals(1, job.requeues());
    assertEquals(1, job.fence());
    assertEquals(Optional.empty(), job.endedAt());
    assertEquals(store.clock.instant(), job.availableAt());
    assertEquals(1, quern.jobs().attempts(id).size());
    assertEquals(0, quern.jobs().counts().of(JobState.FAILED));
    var lease = quern.claim(CLAIM).getFirst();
    assertEquals(1, lease.attempt());
    assertEquals(2, lease.fence());
  }

  @Test
  void a_done_job_runs_again_and_the_attempt_that_did_it_is_kept() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    quern.claim(CLAIM).getFirst().complete("\"first\"", List.of());

    quern.jobs().requeue(id);

    assertEquals(Optional.empty(), quern.jobs().get(id).orElseThrow().result());
    quern.claim(CLAIM).getFirst().complete("\"second\"", List.of());
    assertEquals(
        List.of(Outcome.DONE, Outcome.DONE),
        quern.jobs().attempts(id).stream().map(Attempt::outcome).toList());
    assertEquals(1, quern.jobs().counts().of(JobState.DONE));
  }

  @Test
  void a_cancelled_job_runs_again_and_is_not_cancelled_at_once() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    var lease = quern.claim(CLAIM).getFirst();
    quern.jobs().cancel(id, "no longer wanted");
    lease.handBack();

    assertEquals(1, quern.jobs().requeue(id).requeued());

    var second = quern.claim(CLAIM).getFirst();
    assertTrue(!second.cancelRequested());
    assertTrue(second.fail(new Failure(FailureClass.TRANSIENT, "down", "down")));
    assertEquals(JobState.SCHEDULED, state(quern, id));
  }

  @Test
  void a_job_that_has_not_ended_or_never_was_is_reported() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();

    assertEquals(
        new Requeued(0, List.of(new Requeued.Blocked(id, "it has not ended: it is ready")), 1, 0),
        quern.jobs().requeue(id));
    assertEquals(
        new Requeued(0, List.of(new Requeued.Blocked(id + 1, "there is no such job")), 1, 0),
        quern.jobs().requeue(id + 1));
  }

  @Test
  void all_failed_jobs_run_again() {
    var quern = store.manual();
    for (FailureClass why : FailureClass.values()) {
      fail(quern, MAIL, why);
      fail(quern, NewJob.json("fax", "1"), why);
    }
    long done = quern.enqueue(MAIL).id();
    quern.claim(CLAIM).getFirst().complete();

    assertEquals(
        new Requeued(8, List.of(), 0, 0), quern.jobs().requeueFailed(Optional.empty(), false));

    assertEquals(8, quern.jobs().counts().of(JobState.READY));
    assertEquals(0, quern.jobs().counts().of(JobState.FAILED));
    assertEquals(JobState.DONE, state(quern, done));
  }

  @Test
  void the_failed_jobs_of_one_kind_run_again() {
    var quern = store.manual();
    fail(quern, MAIL, FailureClass.TRANSIENT);
    fail(quern, MAIL.requires("gpu"), FailureClass.TRANSIENT);
    fail(quern, NewJob.json("fax", "1"), FailureClass.TRANSIENT);

    assertEquals(2, quern.jobs().requeueFailed(Optional.of("mail"), false).requeued());

    assertEquals(1, quern.jobs().counts().of("fax", JobState.FAILED));
  }

  @Test
  void a_requeue_of_what_may_pass_skips_unrecoverable_failures() {
    var quern = store.manual();
    long transientFailure = fail(quern, MAIL, FailureClass.TRANSIENT);
    long timeout = fail(quern, MAIL, FailureClass.TIMEOUT);
    long lost = fail(quern, MAIL, FailureClass.LOST);
    long unrecoverable = fail(quern, MAIL, FailureClass.UNRECOVERABLE);

    assertEquals(
        new Requeued(3, List.of(), 0, 1), quern.jobs().requeueFailed(Optional.empty(), true));

    for (long id : List.of(transientFailure, timeout, lost)) {
      assertEquals(JobState.READY, state(quern, id));
    }
    assertEquals(JobState.FAILED, state(quern, unrecoverable));
    assertEquals(0, quern.jobs().requeueFailed(Optional.empty(), true).requeued());
  }

  @Test
  void what_is_left_out_as_unrecoverable_is_counted_by_kind() {
    var quern = store.manual();
    fail(quern, MAIL, FailureClass.UNRECOVERABLE);
    fail(quern, MAIL.requires("gpu"), FailureClass.UNRECOVERABLE);
    fail(quern, NewJob.json("fax", "1"), FailureClass.UNRECOVERABLE);
    long again = fail(quern, MAIL, FailureClass.UNRECOVERABLE);
    quern.jobs().requeue(again);
    quern.jobs().cancel(again, "no longer wanted");

    assertEquals(2, quern.jobs().requeueFailed(Optional.of("mail"), true).unrecoverable());
    assertEquals(3, quern.jobs().requeueFailed(Optional.empty(), true).unrecoverable());
    assertEquals(
        new Requeued(3, List.of(), 0, 0), quern.jobs().requeueFailed(Optional.empty(), false));
  }

  @Test
  void a_job_whose_key_has_a_live_job_stays_as_it_is() {
    var quern = store.manual();
    var keyed = MAIL.dedupeKey("welcome:42");
    long failed = fail(quern, keyed, FailureClass.TRANSIENT);
    long live = quern.enqueue(keyed).id();
    var blocked =
        new Requeued(
            0,
            List.of(new Requeued.Blocked(failed, "a live job, " + live + ", has its dedupe key")),
            1,
            0);

    assertEquals(blocked, quern.jobs().requeue(failed));
    assertEquals(blocked, quern.jobs().requeueFailed(Optional.empty(), false));

    assertEquals(JobState.FAILED, state(quern, failed));
    quern.claim(CLAIM).getFirst().complete();
    assertEquals(1, quern.jobs().requeue(failed).requeued());
  }

  @Test
  void of_failed_jobs_with_the_same_key_the_newest_runs_again() {
    var quern = store.manual();
    var keyed = MAIL.dedupeKey("welcome:42");
    long first = fail(quern, keyed, FailureClass.TRANSIENT);
    long second = fail(quern, keyed, FailureClass.TRANSIENT);
    long third = fail(quern, keyed, FailureClass.TRANSIENT);

    var requeued = quern.jobs().requeueFailed(Optional.empty(), false);

    assertEquals(1, requeued.requeued());
    assertEquals(JobState.READY, state(quern, third));
    assertEquals(
        List.of(second, first), requeued.blocked().stream().map(Requeued.Blocked::id).toList());
  }

  @Test
  void of_failed_jobs_of_several_kinds_with_the_same_key_the_newest_runs_again() {
    var quern = store.manual();
    long first = fail(quern, MAIL.dedupeKey("welcome:42"), FailureClass.TRANSIENT);
    store.clock.advance(Duration.ofSeconds(1));
    long second =
        fail(quern, NewJob.json("fax", "1").dedupeKey("welcome:42"), FailureClass.TRANSIENT);

    var requeued = quern.jobs().requeueFailed(Optional.empty(), false);

    assertEquals(1, requeued.requeued());
    assertEquals(JobState.READY, state(quern, second));
    assertEquals(JobState.FAILED, state(quern, first));
  }

  @Test
  void any_number_of_failed_jobs_run_again_and_a_hundred_of_the_blocked_are_named() {
    var quern = store.manual();
    quern
        .handle(
            "mail",
            Integer.class,
            (_, _) -> {
              throw new IllegalStateException("down");
            })
        .start();
    quern.kinds().policy("mail", policy -> policy.maxAttempts(1));
    for (int round = 0; round < 2; round++) {
      quern.enqueueAll(
          IntStream.range(0, 800)
              .mapToObj(i -> i < 150 ? MAIL.dedupeKey("key:" + i) : MAIL)
              .toList());
      quern.tick();
    }
    assertEquals(1_600, quern.jobs().counts().of(JobState.FAILED));
    quern.kinds().pause("mail", "to look");

    var requeued = quern.jobs().requeueFailed(Optional.of("mail"), true);

    assertEquals(1_450, requeued.requeued());
    assertEquals(150, requeued.blockedCount());
    assertEquals(100, requeued.blocked().size());
    assertEquals(150, quern.jobs().counts().of(JobState.FAILED));
  }

  @Test
  void a_started_engine_runs_a_requeued_job_at_once() {
    var quern =
        store
            .open()
            .handle(
                "mail",
                Integer.class,
                (_, context) -> {
                  if (context.fence() == 1) {
                    throw JobFailedException.unrecoverable("bad", "bad");
                  }
                })
            .start();
    long id = quern.enqueue(MAIL).id();
    assertEquals(
        JobState.FAILED,
        quern.jobs().await(id, Duration.ofSeconds(10)).map(Job::state).orElseThrow());

    quern.jobs().requeue(id);

    TestStore.eventually(() -> state(quern, id) == JobState.DONE);
  }

  @Test
  void after_a_requeue_losses_and_deferrals_count_anew() {
    var quern = store.manual();
    quern.kinds().policy("mail", policy -> policy.maxLosses(0));
    long id = quern.enqueue(MAIL).id();
    quern.claim(CLAIM).getFirst().defer(Duration.ZERO, "not yet");
    quern.claim(CLAIM);
    store.clock.advance(Duration.ofDays(8));
    quern.tick();
    assertEquals(JobState.FAILED, state(quern, id), "lost once too often");

    quern.jobs().requeue(id);

    assertEquals(0, quern.jobs().get(id).orElseThrow().losses());
    assertTrue(quern.claim(CLAIM).getFirst().defer(Duration.ofHours(1), "not yet"));
    assertEquals(JobState.SCHEDULED, state(quern, id), "the limit of deferrals begins now");
  }

  /// A job that has failed for good with a class.
  private static long fail(Quern quern, NewJob job, FailureClass why) {
    long id = quern.enqueue(job.maxAttempts(1)).id();
    var claim = ClaimRequest.of(job.kind()).capabilities("gpu");
    assertTrue(quern.claim(claim).getFirst().fail(new Failure(why, "code", "message")));
    assertEquals(JobState.FAILED, state(quern, id));
    return id;
  }

  private static JobState state(Quern quern, long id) {
    return quern.jobs().get(id).orElseThrow().state();
  }
}
