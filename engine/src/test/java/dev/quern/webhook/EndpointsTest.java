package dev.quern.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndpointsTest {
  private final Endpoints endpoints = new Endpoints();

  @Test
  void one_endpoint_has_four_places_and_does_not_take_those_of_others() {
    for (int i = 0; i < Endpoints.CONCURRENCY; i++) {
      assertEquals(Optional.empty(), endpoints.enter("slow", 0));
    }

    assertTrue(endpoints.enter("slow", 0).isPresent());
    assertEquals(Optional.empty(), endpoints.enter("other", 0));
    endpoints.leave("slow", 0, 10);
    assertEquals(Optional.empty(), endpoints.enter("slow", 0));
  }

  @Test
  void who_finds_no_place_is_sent_away_for_longer_the_more_are_before_and_the_slower_it_is() {
    for (int i = 0; i < 40; i++) {
      endpoints.enter("slow", 0);
      endpoints.leave("slow", 0, 10_000);
      endpoints.enter("slow", 0);
    }
    Duration first = endpoints.enter("slow", 0).orElseThrow();
    Duration last = first;
    for (int i = 0; i < 99; i++) {
      last = endpoints.enter("slow", 0).orElseThrow();
    }

    assertTrue(last.toSeconds() > 200 && last.toSeconds() < 400, "100 at 10 s by four: " + last);
    assertTrue(first.compareTo(last) < 0);
  }
}
