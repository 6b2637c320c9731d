package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TimingsTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final ClaimRequest CLAIM = ClaimRequest.of("mail").limit(10);

  @RegisterExtension final TestStore store = new TestStore();

  private static void only(Histogram lengths, int jobs, Duration bound, Duration total) {
    assertEquals(jobs, lengths.count());
    assertEquals(jobs, lengths.counts().get(Histogram.BOUNDS.indexOf(bound)));
    assertEquals(total, lengths.total());
  }

  @Test
  void jobs_wait_from_when_they_are_due_to_their_claim_and_run_until_their_end() {
    var quern = store.manual();
    quern.enqueueAll(List.of(MAIL.delay(Duration.ofHours(2)), MAIL.delay(Duration.ofHours(2))));
    store.clock.advance(Duration.ofHours(2).plusMillis(7));
    var leases = quern.claim(CLAIM);
    store.clock.advance(Duration.ofMillis(400));
    leases.get(0).complete();
    store.clock.advance(Duration.ofMillis(1));
    leases.get(1).complete("1", List.of());

    var timings = quern.timings();
    assertEquals(Set.of("mail"), timings.waits().keySet());
    only(timings.waits().get("mail"), 2, Duration.ofMillis(10), Duration.ofMillis(14));
    assertEquals(Set.of(Outcome.DONE), timings.runs().get("mail").keySet());
    only(
        timings.runs().get("mail").get(Outcome.DONE),
        2,
        Duration.ofMillis(500),
        Duration.ofMillis(801));
  }

  @Test
  void each_way_to_end_is_counted_for_itself() {
    var quern = store.manual();
    quern.enqueueAll(Collections.nCopies(6, MAIL));
    var leases = quern.claim(CLAIM);
    quern.jobs().cancel(leases.get(3).jobId(), "no more");
    store.clock.advance(Duration.ofSeconds(1));
    leases.get(0).fail(new Failure(FailureClass.TRANSIENT, "x", "y"));
    leases.get(1).defer(Duration.ofHours(1), "later");
    leases.get(2).handBack();
    leases.get(3).fail(new Failure(FailureClass.TRANSIENT, "x", "y"));
    quern
        .leases()
        .ack(
            List.of(
                new Leases.Ack(
                    leases.get(4).jobId(),
                    leases.get(4).fence(),
                    new Leases.End.Done(Optional.empty(), List.of()))));
    store.clock.advance(Duration.ofHours(1));
    quern.tick();

    var runs = quern.timings().runs().get("mail");
    assertEquals(Set.of(Outcome.values()), runs.keySet());
    for (Outcome outcome : List.of(Outcome.FAILED, Outcome.DEFERRED, Outcome.RELEASED)) {
      only(runs.get(outcome), 1, Duration.ofSeconds(1), Duration.ofSeconds(1));
    }
    assertEquals(1, runs.get(Outcome.LOST).count());
    assertEquals(1, runs.get(Outcome.DONE).count());
    assertEquals(1, runs.get(Outcome.CANCELLED).count());
  }

  @Test
  void an_end_that_comes_too_late_is_not_counted() {
    var quern = store.manual();
    quern.enqueue(MAIL);
    var lease = quern.claim(CLAIM).getFirst();
    lease.complete();
    lease.complete();
    lease.fail(new Failure(FailureClass.TRANSIENT, "x", "y"));

    assertEquals(Set.of(Outcome.DONE), quern.timings().runs().get("mail").keySet());
    assertEquals(1, quern.timings().runs().get("mail").get(Outcome.DONE).count());
  }

  @Test
  void kinds_beyond_the_limit_are_counted_together() {
    var quern = store.manual();
    for (int i = 0; i < Timings.KINDS_LIMIT + 2; i++) {
      String kind = "kind-" + i;
      quern.enqueue(NewJob.json(kind, "1"));
      quern.claim(ClaimRequest.of(kind)).getFirst().complete();
    }

    var timings = quern.timings();
    assertEquals(Timings.KINDS_LIMIT + 1, timings.waits().size());
    assertEquals(2, timings.waits().get(Timings.OTHERS).count());
    assertEquals(2, timings.runs().get(Timings.OTHERS).get(Outcome.DONE).count());
  }

  @Test
  void a_new_engine_begins_anew() {
    var quern = store.manual();
    quern.enqueue(MAIL);
    quern.claim(CLAIM);
    quern.close();

    assertEquals(new Timings(Map.of(), Map.of()), store.manual().timings());
  }

  @Test
  void a_length_is_in_the_first_range_that_holds_it() {
    for (int i = 0; i < Histogram.BOUNDS.size(); i++) {
      long bound = Histogram.BOUNDS.get(i).toMillis();
      assertEquals(i, Histogram.place(bound));
      assertEquals(i + 1, Histogram.place(bound + 1));
    }
    assertEquals(0, Histogram.place(0));
    assertThrows(IllegalArgumentException.class, () -> new Histogram(List.of(1L), Duration.ZERO));
  }
}
