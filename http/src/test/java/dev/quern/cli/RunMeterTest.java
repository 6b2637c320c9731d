package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.RunProgress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How far a run is, in words.
class RunMeterTest {
  private final RunMeter meter = new RunMeter("sums");

  private void look(int seconds, RunProgress progress) {
    meter.look(new RunMeter.Look(Duration.ofSeconds(seconds), progress, 4));
  }

  private static RunProgress progress(long lines, boolean complete, long done, long failed) {
    return new RunProgress(lines, complete, done, failed, 0, 0, 0);
  }

  @Test
  void a_bar_shows_the_share_the_rate_and_the_time_left() {
    look(0, progress(1_000, true, 0, 0));
    look(10, progress(1_000, true, 250, 0));

    assertEquals(
        "sums  [#####..................]  250/1,000  4 running  25 jobs/s  30 s left",
        meter.bar(76));
  }

  @Test
  void there_is_no_bar_while_the_input_goes_on() {
    look(0, progress(500, false, 0, 0));
    look(10, progress(1_000, false, 250, 3));

    assertEquals("sums  253/1,000+  3 failed  4 running  25 jobs/s", meter.bar(80));
  }

  @Test
  void a_bar_never_reaches_the_last_column() {
    look(0, progress(1_000, true, 0, 0));
    look(10, progress(1_000_000, true, 250_000, 12));

    for (int width = 40; width < 200; width++) {
      assertTrue(Text.width(meter.bar(width)) < width, meter.bar(width));
    }
  }

  @Test
  void the_rate_is_that_of_the_last_seconds() {
    look(0, progress(10_000, true, 0, 0));
    look(100, progress(10_000, true, 1_000, 0));
    look(110, progress(10_000, true, 1_010, 0));

    assertTrue(meter.line().contains("1.0 jobs/s"), meter.line());
  }

  @Test
  void a_run_that_stands_still_has_no_time_left() {
    look(0, progress(10, true, 0, 0));
    look(10, progress(10, true, 0, 0));

    assertEquals("quern: run sums: 0/10, 4 running, 0.0 jobs/s", meter.line());
  }

  @Test
  void the_summary_counts_the_whole_run_and_the_speed_of_this_process() {
    look(20, new RunProgress(120, true, 107, 2, 1, 10, 5));

    assertEquals(
        "quern: run sums: done 107, failed 2, cancelled 1, not ended 10, before 10,"
            + " retried 5, elapsed 20 s, 5.0 jobs/s",
        meter.summary());
  }
}
