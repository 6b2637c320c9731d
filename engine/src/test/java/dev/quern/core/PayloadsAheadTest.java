package dev.quern.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PayloadsAheadTest {
  private static final int MIB = 1 << 20;

  private final LookAhead ahead = new LookAhead();

  private static Claimed job(int payloadLength) {
    var lane = new Lane(1, "", "mail", List.of());
    return new Claimed(1, lane, 1, 1, 0, 0, 0, 0, null, "x".repeat(payloadLength), 0);
  }

  private int afterManyReturned(int millis) {
    for (int i = 0; i < 1_000_000; i++) {
      ahead.returned(millis);
    }
    return ahead.jobs();
  }

  @Test
  void however_many_handlers_return_a_thousand_jobs_are_claimed_ahead() {
    ahead.claimed(List.of(job(10)));

    assertEquals(1_000, afterManyReturned(0));
  }

  @Test
  void after_long_payloads_fewer_are_also_when_a_claim_has_found_none_since() {
    ahead.claimed(List.of(job(10), job(MIB)));
    ahead.claimed(List.of());

    assertEquals(15, afterManyReturned(0));
  }

  @Test
  void handlers_that_take_longer_than_some_milliseconds_do_not_count() {
    assertEquals(0, afterManyReturned(5));
    assertEquals(1_000, afterManyReturned(4));
  }
}
