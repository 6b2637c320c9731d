package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ChangeTest {
  private static final ClaimRequest CLAIM = ClaimRequest.of("mail");
  private static final NewJob JOB = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  private static Job get(Quern quern, long id) {
    return quern.jobs().get(id).orElseThrow();
  }

  private Instant in(Duration delay) {
    return store.clock.instant().plus(delay);
  }

  private static boolean priority(Quern quern, Job seen, int priority) {
    return quern.jobs().change(seen, OptionalInt.of(priority), Optional.empty());
  }

  private static boolean at(Quern quern, Job seen, Instant at) {
    return quern.jobs().change(seen, OptionalInt.empty(), Optional.of(at));
  }

  @Test
  void a_job_with_a_better_priority_is_claimed_first() {
    Quern quern = store.manual();
    quern.enqueue(JOB);
    long second = quern.enqueue(JOB).id();

    assertTrue(priority(quern, get(quern, second), 1));

    assertEquals(second, quern.claim(CLAIM).getFirst().jobId());
  }

  @Test
  void a_scheduled_job_whose_time_is_set_to_now_is_ready() {
    Quern quern = store.manual();
    long id = quern.enqueue(JOB.delay(Duration.ofHours(1))).id();

    assertTrue(at(quern, get(quern, id), Instant.EPOCH));

    assertEquals(JobState.READY, get(quern, id).state());
    assertEquals(id, quern.claim(CLAIM).getFirst().jobId());
  }

  @Test
  void a_scheduled_job_can_be_moved_to_an_earlier_and_to_a_later_time() {
    Quern quern = store.manual();
    long id = quern.enqueue(JOB.delay(Duration.ofHours(1))).id();

    assertTrue(at(quern, get(quern, id), in(Duration.ofHours(2))));
    store.clock.advance(Duration.ofHours(1));
    quern.tick();
    assertEquals(JobState.SCHEDULED, get(quern, id).state());
    assertTrue(at(quern, get(quern, id), in(Duration.ofMinutes(1))));
    store.clock.advance(Duration.ofMinutes(1));
    quern.tick();

    assertEquals(JobState.READY, get(quern, id).state());
  }

  @Test
  void a_ready_job_can_be_postponed() {
    Quern quern = store.manual();
    long id = quern.enqueue(JOB).id();

    assertTrue(at(quern, get(quern, id), in(Duration.ofMinutes(1))));
    assertTrue(quern.claim(CLAIM).isEmpty());
    store.clock.advance(Duration.ofMinutes(1));

    assertEquals(id, quern.claim(CLAIM).getFirst().jobId());
  }

  @Test
  void a_job_that_has_changed_since_it_was_seen_is_left_alone() {
    Quern quern = store.manual();
    Job seen = get(quern, quern.enqueue(JOB).id());
    priority(quern, seen, 1);

    assertFalse(priority(quern, seen, 2));
    assertEquals(1, get(quern, seen.id()).priority());
  }

  @Test
  void a_running_and_an_ended_job_are_left_alone() {
    Quern quern = store.manual();
    long id = quern.enqueue(JOB).id();
    Lease lease = quern.claim(CLAIM).getFirst();

    assertFalse(priority(quern, get(quern, id), 1));
    lease.complete();
    assertFalse(at(quern, get(quern, id), in(Duration.ofHours(1))));
    assertEquals(JobState.DONE, get(quern, id).state());
  }

  @Test
  void a_time_beyond_the_calendar_is_refused() {
    Quern quern = store.manual();
    Job job = get(quern, quern.enqueue(JOB).id());

    assertThrows(
        IllegalArgumentException.class,
        () -> at(quern, job, Instant.parse("+10000-01-01T00:00:00Z")));
  }
}
