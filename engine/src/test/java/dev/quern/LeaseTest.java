package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LeaseTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final ClaimRequest CLAIM = ClaimRequest.of("mail");
  private static final Failure DOWN = new Failure(FailureClass.TRANSIENT, "down", "down");

  @RegisterExtension final TestStore store = new TestStore();

  /// What a worker may try with its lease.
  enum Try {
    COMPLETE(lease -> lease.complete("2", List.of(NewJob.json("log", "1")))),
    COMPLETE_PLAIN(Lease::complete),
    FAIL(lease -> lease.fail(DOWN)),
    FAIL_FOR_GOOD(lease -> lease.fail(new Failure(FailureClass.UNRECOVERABLE, "bad", "bad"))),
    DEFER(lease -> lease.defer(Duration.ofMinutes(1), "later")),
    HAND_BACK(Lease::handBack),
    RENEW(lease -> lease.renew(Duration.ofMinutes(1)));

    private final Predicate<Lease> action;

    Try(Predicate<Lease> action) {
      this.action = action;
    }
  }

  /// How a lease may be lost.
  enum Loss {
    RECLAIMED {
      @Override
      void happen(Quern quern, Lease lease, TestStore store) {
        store.clock.advance(Duration.ofSeconds(81));
        quern.tick();
      }
    },
    RECLAIMED_AND_CLAIMED_BY_ANOTHER {
      @Override
      void happen(Quern quern, Lease lease, TestStore store) {
        RECLAIMED.happen(quern, lease, store);
        store.clock.advance(Duration.ofMinutes(2));
        assertEquals(2, quern.claim(CLAIM).getFirst().fence());
      }
    },
    COMPLETED {
      @Override
      void happen(Quern quern, Lease lease, TestStore store) {
        lease.complete();
      }
    },
    FAILED {
      @Override
      void happen(Quern quern, Lease lease, TestStore store) {
        Try.FAIL_FOR_GOOD.action.test(lease);
      }
    },
    HANDED_BACK {
      @Override
      void happen(Quern quern, Lease lease, TestStore store) {
        lease.handBack();
      }
    },
    CANCELLED {
      @Override
      void happen(Quern quern, Lease lease, TestStore store) {
        quern.jobs().cancel(lease.jobId(), "no longer wanted");
        lease.handBack();
      }
    },
    REQUEUED_AND_CLAIMED_BY_ANOTHER {
      @Override
      void happen(Quern quern, Lease lease, TestStore store) {
        lease.complete();
        quern.jobs().requeue(lease.jobId());
        quern.claim(CLAIM);
      }
    },
    DELETED {
      @Override
      void happen(Quern quern, Lease lease, TestStore store) {
        lease.complete();
        quern.jobs().delete(lease.jobId());
      }
    };

    abstract void happen(Quern quern, Lease lease, TestStore store);
  }

  @ParameterizedTest
  @EnumSource
  void a_stale_worker_changes_nothing(Loss loss) {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    var stale = quern.claim(CLAIM).getFirst();
    loss.happen(quern, stale, store);
    var job = quern.jobs().get(id);
    var attempts = quern.jobs().attempts(id);
    var counts = quern.jobs().counts();

    for (Try attempt : Try.values()) {
      assertFalse(attempt.action.test(stale), attempt + " after " + loss);
    }

    assertEquals(job, quern.jobs().get(id));
    assertEquals(attempts, quern.jobs().attempts(id));
    assertEquals(counts, quern.jobs().counts());
    assertFalse(stale.cancelRequested());
  }

  @ParameterizedTest
  @EnumSource
  void a_worker_that_holds_its_lease_may_do_it_once(Try attempt) {
    var quern = store.manual();
    quern.enqueue(MAIL);
    var lease = quern.claim(CLAIM).getFirst();

    assertTrue(attempt.action.test(lease));

    assertEquals(attempt == Try.RENEW, attempt.action.test(lease));
  }

  @Test
  void the_worker_that_claims_after_a_loss_can_complete() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    var lost = quern.claim(CLAIM).getFirst();
    Loss.RECLAIMED.happen(quern, lost, store);
    store.clock.advance(Duration.ofMinutes(2));
    var second = quern.claim(CLAIM).getFirst();

    assertFalse(lost.complete("\"first\"", List.of()));
    assertTrue(second.complete("\"second\"", List.of()));

    assertEquals(Optional.of("\"second\""), quern.jobs().get(id).orElseThrow().result());
    assertEquals(
        List.of(Outcome.LOST, Outcome.DONE),
        quern.jobs().attempts(id).stream().map(Attempt::outcome).toList());
  }

  @Test
  void a_stale_handler_can_neither_note_nor_complete() {
    var here = store.manual();
    var elsewhere = store.manual();
    here.handle(
        "mail",
        Integer.class,
        (_, context) -> {
          store.clock.advance(Duration.ofSeconds(81));
          elsewhere.tick();
          store.clock.advance(Duration.ofMinutes(2));
          assertEquals(2, elsewhere.claim(CLAIM).getFirst().fence());
          context.log("I am a ghost");
          context.progress(0.5, "boo");
          context.enqueue(NewJob.json("log", "1"));
          try (var connection = store.connect()) {
            connection.setAutoCommit(false);
            assertFalse(context.complete(connection));
            connection.rollback();
          }
        });
    long id = here.start().enqueue(MAIL).id();

    here.tick();

    var job = here.jobs().get(id).orElseThrow();
    assertEquals(JobState.RUNNING, job.state());
    assertEquals(2, job.fence());
    assertEquals(Optional.empty(), job.progress());
    assertEquals(List.of(), here.jobs().log(id));
    assertEquals(0, here.jobs().counts().of("log", JobState.READY));
  }

  @Test
  void a_renewed_lease_lasts_from_now() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    var lease = quern.claim(CLAIM).getFirst();
    store.clock.advance(Duration.ofSeconds(50));

    assertTrue(lease.renew(Duration.ofSeconds(60)));

    assertEquals(store.clock.instant().plusSeconds(60), lease.until());
    assertEquals(Optional.of(lease.until()), quern.jobs().get(id).orElseThrow().leaseUntil());
    store.clock.advance(Duration.ofSeconds(79));
    quern.tick();
    assertTrue(lease.complete(), "it would have been lost without the renewal");
  }

  @Test
  void a_renewal_out_of_bounds_is_refused() {
    var quern = store.manual();
    quern.enqueue(MAIL);
    var lease = quern.claim(CLAIM).getFirst();

    for (Duration bad : List.of(Duration.ZERO, Duration.ofMillis(999), Duration.ofMinutes(61))) {
      assertThrows(IllegalArgumentException.class, () -> lease.renew(bad), bad + "");
    }
  }

  @Test
  void a_lease_that_ran_out_holds_until_someone_reclaims_the_job() {
    var quern = store.manual();
    quern.enqueue(MAIL);
    var lease = quern.claim(CLAIM).getFirst();

    store.clock.advance(Duration.ofHours(5));

    assertTrue(lease.complete());
  }

  @Test
  void a_job_handed_back_is_ready_at_once_and_has_its_attempt_back() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    var lease = quern.claim(CLAIM).getFirst();

    assertTrue(lease.handBack());

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.READY, job.state());
    assertEquals(0, job.attempts());
    assertEquals(1, job.fence());
    assertEquals(Optional.empty(), job.leaseUntil());
    assertEquals(Outcome.RELEASED, quern.jobs().attempts(id).getFirst().outcome());
    var second = quern.claim(CLAIM).getFirst();
    assertEquals(1, second.attempt());
    assertEquals(2, second.fence());
  }
}
