package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StandingClaimTest {
  private static final ClaimRequest MAIL = ClaimRequest.of("mail");
  private static final NewJob JOB = NewJob.json("mail", "1");
  private static final Duration LONG = Duration.ofSeconds(10);

  @RegisterExtension final TestStore store = new TestStore();

  private static long id(StandingClaim claim) throws InterruptedException {
    List<Lease> leases = claim.await(Duration.ZERO);
    return leases.isEmpty() ? 0 : leases.getFirst().jobId();
  }

  @Test
  void a_standing_claim_gets_what_is_ready_already() throws Exception {
    Quern quern = store.manual();
    long job = quern.enqueue(JOB).id();

    assertEquals(job, quern.claim(MAIL, LONG).getFirst().jobId());
    assertEquals(JobState.RUNNING, quern.jobs().get(job).orElseThrow().state());
  }

  @Test
  void those_who_wait_are_served_in_the_order_in_which_they_came() throws Exception {
    Quern quern = store.manual();
    StandingClaim first = quern.standingClaim(MAIL);
    StandingClaim second = quern.standingClaim(MAIL);
    StandingClaim third = quern.standingClaim(MAIL);

    long one = quern.enqueue(JOB).id();
    long two = quern.enqueue(JOB).id();

    assertEquals(List.of(one, two, 0L), List.of(id(first), id(second), id(third)));
  }

  @Test
  void the_jobs_of_one_commit_are_shared_out() throws Exception {
    Quern quern = store.manual();
    StandingClaim first = quern.standingClaim(MAIL.limit(2));
    StandingClaim second = quern.standingClaim(MAIL.limit(2));

    quern.enqueueAll(List.of(JOB, JOB, JOB));

    assertEquals(2, first.await(Duration.ZERO).size());
    assertEquals(1, second.await(Duration.ZERO).size());
  }

  @Test
  void one_who_waits_for_other_kinds_or_lacks_capabilities_is_passed_over() throws Exception {
    Quern quern = store.manual();
    StandingClaim other = quern.standingClaim(ClaimRequest.of("sms"));
    StandingClaim unable = quern.standingClaim(MAIL);
    StandingClaim able = quern.standingClaim(MAIL.capabilities("gpu"));

    long job = quern.enqueue(JOB.requires("gpu")).id();

    assertEquals(List.of(0L, 0L, job), List.of(id(other), id(unable), id(able)));
  }

  @Test
  void what_was_claimed_for_one_who_left_is_given_back_uncharged() throws Exception {
    Quern quern = store.manual();
    StandingClaim left = quern.standingClaim(MAIL);
    long job = quern.enqueue(JOB).id();

    left.close();
    quern.tick();

    assertEquals(List.of(), left.await(LONG));
    Job back = quern.jobs().get(job).orElseThrow();
    assertEquals(JobState.READY, back.state());
    assertEquals(0, back.attempts());
  }

  @Test
  void one_who_left_before_gets_nothing() {
    Quern quern = store.manual();
    quern.standingClaim(MAIL).close();

    long job = quern.enqueue(JOB).id();

    assertEquals(JobState.READY, quern.jobs().get(job).orElseThrow().state());
  }

  @Test
  void a_pause_keeps_them_waiting_and_its_end_serves_them() throws Exception {
    Quern quern = store.manual();
    quern.kinds().pause("mail", "test");
    StandingClaim claim = quern.standingClaim(MAIL);
    long job = quern.enqueue(JOB).id();
    assertEquals(0, id(claim));

    quern.kinds().resume("mail");
    quern.tick();

    assertEquals(job, id(claim));
  }

  @Test
  void a_job_that_becomes_due_is_theirs() throws Exception {
    Quern quern = store.manual();
    StandingClaim claim = quern.standingClaim(MAIL);
    long job = quern.enqueue(JOB.delay(Duration.ofMinutes(1))).id();

    store.clock.advance(Duration.ofMinutes(1));
    quern.tick();

    assertEquals(job, id(claim));
  }

  @Test
  void a_rate_that_opens_its_window_again_serves_them() throws Exception {
    Quern quern = store.manual();
    quern.kinds().policy("mail", policy -> policy.rate(new Rate(1, Duration.ofMinutes(1))));
    quern.enqueueAll(List.of(JOB, JOB));
    StandingClaim first = quern.standingClaim(MAIL);
    StandingClaim second = quern.standingClaim(MAIL);
    assertTrue(id(first) > 0);
    assertEquals(0, id(second));

    store.clock.advance(Duration.ofMinutes(1));
    quern.tick();

    assertTrue(id(second) > 0);
  }

  @Test
  void a_job_of_another_connection_is_theirs_within_a_poll() throws Exception {
    Quern quern = store.open();
    CompletableFuture<List<Lease>> waiting = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        waiting.complete(quern.claim(MAIL, LONG));
      } catch (InterruptedException e) {
        waiting.completeExceptionally(e);
      }
    });
    long job;
    try (Connection connection = store.connect()) {
      connection.setAutoCommit(false);
      job = quern.enqueue(connection, JOB).id();
      connection.commit();
    }

    assertEquals(job, waiting.get().getFirst().jobId());
  }

  @Test
  void an_interrupt_ends_the_wait_and_nothing_is_claimed() throws Exception {
    Quern quern = store.open();
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> quern.claim(MAIL, LONG));
    assertFalse(Thread.interrupted());

    long job = quern.enqueue(JOB).id();

    assertEquals(JobState.READY, quern.jobs().get(job).orElseThrow().state());
  }

  @Test
  void closing_the_engine_ends_every_wait() throws Exception {
    Quern quern = store.open();
    StandingClaim claim = quern.standingClaim(MAIL);
    Thread.startVirtualThread(quern::close);

    assertEquals(List.of(), claim.await(Duration.ofMinutes(1)));
    assertThrows(IllegalStateException.class, () -> quern.standingClaim(MAIL));
  }
}
