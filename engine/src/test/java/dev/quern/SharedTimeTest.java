package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// All engines agree on the time of their store, though the clock on the wall was set back and not
/// all of them saw that.
class SharedTimeTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final ClaimRequest CLAIM = ClaimRequest.of("mail");
  private static final Duration HOUR = Duration.ofHours(1);

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void an_engine_that_is_opened_later_keeps_its_jobs() {
    var here = store.manual();
    store.clock.advance(HOUR);
    here.kinds().pause("other", "writes something at that time");
    store.clock.advance(HOUR.negated());
    var there = store.manual();
    there.enqueue(MAIL);
    var lease = there.claim(CLAIM).getFirst();

    pass(here, Duration.ofSeconds(10));
    pass(here, Duration.ofSeconds(10));

    assertTrue(lease.complete(), "its lease is not over for others");
  }

  @Test
  void an_engine_that_nobody_has_told_yet_has_one_heartbeat_to_renew_its_leases() {
    var here = store.manual().handle("other", Integer.class, (_, _) -> {}).start();
    var there = store.manual();
    store.clock.advance(HOUR);
    here.tick();
    store.clock.advance(HOUR.negated());
    there.enqueue(MAIL);
    var lease = there.claim(CLAIM).getFirst();

    pass(here, Duration.ofSeconds(10));

    assertTrue(lease.renew(Duration.ofMinutes(1)));
    for (int i = 0; i < 5; i++) {
      pass(here, Duration.ofSeconds(10));
    }
    assertTrue(lease.complete());
  }

  @Test
  void an_engine_that_does_not_renew_loses_its_jobs_all_the_same() {
    var here = store.manual().handle("other", Integer.class, (_, _) -> {}).start();
    var there = store.manual();
    store.clock.advance(HOUR);
    here.tick();
    store.clock.advance(HOUR.negated());
    there.enqueue(MAIL);
    var lease = there.claim(CLAIM).getFirst();

    for (int i = 0; i < 30; i++) {
      pass(here, Duration.ofSeconds(10));
    }

    assertFalse(lease.complete());
  }

  @Test
  void what_is_to_be_tried_again_waits_no_longer_than_it_has_to() {
    var here = store.manual();
    here.kinds()
        .policy(
            "mail",
            policy ->
                policy.backoff(new Backoff(Duration.ofMinutes(1), Duration.ofHours(1), false)));
    assertTrue(here.claim(CLAIM).isEmpty());
    here.enqueue(MAIL);
    store.clock.advance(HOUR);
    var lease = here.claim(CLAIM).getFirst();
    assertTrue(lease.fail(new Failure(FailureClass.TRANSIENT, "busy", "not now")));
    here.close();
    store.clock.advance(HOUR.negated());
    var there = store.manual();

    store.clock.advance(Duration.ofMinutes(3));

    assertEquals(1, there.claim(CLAIM).size(), "a minute, at half the speed");
  }

  private void pass(Quern quern, Duration time) {
    store.clock.advance(time);
    quern.tick();
  }
}
