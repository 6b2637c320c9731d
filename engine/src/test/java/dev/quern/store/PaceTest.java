package dev.quern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long NO_GAP = 0;
  private static final long USUAL_GAP = Duration.ofMillis(2).toNanos();

  private long now;
  private final Pace pace = new Pace(() -> now);

  private void writeFor(Duration time) {
    now += time.toNanos();
  }

  @Test
  void where_nobody_else_was_seen_writing_there_is_a_gap_once_in_30_ms() {
    writeFor(Duration.ofMillis(29));
    assertEquals(NO_GAP, pace.gapNanos());

    writeFor(Duration.ofMillis(1));
    assertEquals(USUAL_GAP, pace.gapNanos());

    pace.rested();
    assertEquals(NO_GAP, pace.gapNanos());
  }

  @Test
  void while_another_writes_there_is_a_gap_after_each_commit_as_long_as_the_commit_within_limits() {
    pace.neighbourSeen();

    writeFor(Duration.ofMillis(1));
    assertEquals(USUAL_GAP, pace.gapNanos());

    writeFor(Duration.ofMillis(3));
    assertEquals(Duration.ofMillis(4).toNanos(), pace.gapNanos());

    writeFor(Duration.ofMillis(900));
    assertEquals(Duration.ofMillis(5).toNanos(), pace.gapNanos());
  }

  @Test
  void for_a_minute_after_another_wrote_there_is_a_gap_once_in_5_ms() {
    pace.neighbourSeen();
    writeFor(Duration.ofSeconds(59));
    pace.rested();

    writeFor(Duration.ofMillis(4));
    assertEquals(NO_GAP, pace.gapNanos());

    writeFor(Duration.ofMillis(1));
    assertEquals(USUAL_GAP, pace.gapNanos());
  }

  @Test
  void after_that_minute_gaps_are_as_rare_as_before() {
    pace.neighbourSeen();
    writeFor(Duration.ofSeconds(60));
    pace.rested();

    writeFor(Duration.ofMillis(29));
    assertEquals(NO_GAP, pace.gapNanos());
  }
}
