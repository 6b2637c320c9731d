package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeferTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void deferring_gives_the_attempt_back_and_keeps_the_reason() {
    var quern = deferring(Duration.ofMinutes(5), "the model is loading");
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.SCHEDULED, job.state());
    assertEquals(0, job.attempts());
    assertEquals(1, job.fence());
    assertEquals(Optional.of("the model is loading"), job.note());
    assertEquals(store.clock.instant().plusSeconds(300), job.availableAt());
    assertEquals(Optional.empty(), job.failure());
    var attempt = quern.jobs().attempts(id).getFirst();
    assertEquals(Outcome.DEFERRED, attempt.outcome());
    assertEquals(Optional.of("the model is loading"), attempt.note());
  }

  @Test
  void a_job_with_one_attempt_can_be_deferred_many_times_and_still_run() {
    var attempts = new ArrayList<Integer>();
    var quern =
        handling((_, context) -> {
          attempts.add(context.attempt());
          if (attempts.size() < 20) {
            throw new JobDeferredException(Duration.ofMinutes(1), "not yet");
          }
        });
    long id = quern.enqueue(MAIL.maxAttempts(1)).id();

    for (int i = 0; i < 20; i++) {
      quern.tick();
      store.clock.advance(Duration.ofMinutes(1));
    }

    assertEquals(JobState.DONE, state(quern, id));
    assertEquals(20, attempts.size());
    assertTrue(attempts.stream().allMatch(attempt -> attempt == 1), attempts + "");
    assertEquals(20, quern.jobs().get(id).orElseThrow().fence());
  }

  @Test
  void a_lease_is_deferred_by_hand() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    var lease = quern.claim(ClaimRequest.of("mail")).getFirst();

    assertTrue(lease.defer(Duration.ofSeconds(10), "busy"));

    assertEquals(JobState.SCHEDULED, state(quern, id));
    store.clock.advance(Duration.ofSeconds(10));
    assertEquals(1, quern.claim(ClaimRequest.of("mail")).getFirst().attempt());
  }

  @Test
  void a_job_deferred_for_longer_than_the_limit_fails() {
    var quern = deferring(Duration.ofDays(1), "not yet");
    long id = quern.enqueue(MAIL).id();

    for (int day = 0; day <= 7; day++) {
      quern.tick();
      assertEquals(JobState.SCHEDULED, state(quern, id), "on day " + day);
      store.clock.advance(Duration.ofDays(1));
    }
    quern.tick();

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.FAILED, job.state());
    var failure = job.failure().orElseThrow();
    assertEquals(FailureClass.UNRECOVERABLE, failure.failureClass());
    assertEquals("deferred_too_long", failure.code());
    assertTrue(failure.message().endsWith("last because: not yet"), failure.message());
  }

  @Test
  void the_limit_counts_anew_after_an_attempt_that_failed() {
    var quern =
        handling((_, context) -> {
          if (context.fence() == 6) {
            throw new IllegalStateException("down");
          }
          throw new JobDeferredException(Duration.ofDays(1), "not yet");
        });
    long id = quern.enqueue(MAIL).id();

    for (int day = 0; day < 12; day++) {
      quern.tick();
      store.clock.advance(Duration.ofDays(1));
    }

    assertEquals(JobState.SCHEDULED, state(quern, id));
    assertEquals(12, quern.jobs().attempts(id).size());
  }

  @Test
  void a_long_reason_is_cut() {
    var quern = deferring(Duration.ofMinutes(1), "x".repeat(1 << 20) + "\0");
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    assertEquals(
        Failure.MESSAGE_LIMIT, quern.jobs().get(id).orElseThrow().note().orElseThrow().length());
    assertEquals(
        Failure.MESSAGE_LIMIT, quern.jobs().attempts(id).getFirst().note().orElseThrow().length());
  }

  @Test
  void a_delay_out_of_bounds_is_refused() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    var lease = quern.claim(ClaimRequest.of("mail")).getFirst();
    for (Duration bad :
        List.of(Duration.ofMillis(-1), Duration.ofDays(4_000), Duration.ofSeconds(1L << 62))) {
      assertThrows(
          IllegalArgumentException.class, () -> new JobDeferredException(bad, ""), bad + "");
      assertThrows(IllegalArgumentException.class, () -> lease.defer(bad, ""), bad + "");
    }

    assertEquals(JobState.RUNNING, state(quern, id));
  }

  private Quern deferring(Duration delay, String reason) {
    return handling((_, _) -> {
      throw new JobDeferredException(delay, reason);
    });
  }

  private Quern handling(Handler<Integer> handler) {
    return store.manual().handle("mail", Integer.class, handler).start();
  }

  private static JobState state(Quern quern, long id) {
    return quern.jobs().get(id).orElseThrow().state();
  }
}
