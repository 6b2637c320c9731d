package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.RunProgress;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// When something is shown of a run, and what.
class RunScreenTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private int looks;

  private RunScreen screen(boolean terminal, String term) {
    Console console =
        new Console(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            err,
            Map.of("TERM", term),
            new Terminal(false, false, terminal, 80, false),
            InstantSource.system());
    return new RunScreen(console, new RunMeter("sums"));
  }

  /// Offers a state to the screen at a time.
  private void at(int millis, RunScreen screen, long done) {
    Duration elapsed = Duration.ofMillis(millis);
    screen.show(
        elapsed,
        () -> {
          looks++;
          return new RunMeter.Look(elapsed, new RunProgress(100, true, done, 0, 0, 0, 0), 2);
        });
  }

  private String said() {
    String said = err.toString();
    err.reset();
    return said;
  }

  @Test
  void where_there_is_no_terminal_a_line_is_shown_every_ten_seconds() {
    RunScreen screen = screen(false, "xterm");

    at(0, screen, 0);
    at(9_999, screen, 50);
    assertEquals("", said());
    assertEquals(0, looks, "nobody asks the store for nothing");

    at(10_000, screen, 50);
    assertEquals("quern: run sums: 50/100, 2 running, 5.0 jobs/s, 10 s left\n", said());

    at(19_999, screen, 70);
    assertEquals("", said());

    at(20_100, screen, 80);
    assertEquals("quern: run sums: 80/100, 2 running, 3.0 jobs/s, 7 s left\n", said());
    assertEquals(2, looks);
  }

  @Test
  void a_terminal_that_can_only_print_gets_lines_too() {
    RunScreen screen = screen(true, "dumb");

    at(9_999, screen, 50);
    assertEquals("", said());
    at(10_000, screen, 50);
    assertEquals("quern: run sums: 50/100, 2 running, 5.0 jobs/s, 10 s left\n", said());
  }

  @Test
  void on_a_terminal_a_bar_is_drawn_again_five_times_a_second_at_most() {
    RunScreen screen = screen(true, "xterm");

    at(199, screen, 50);
    assertEquals("", said());
    at(200, screen, 50);
    assertEquals(true, said().startsWith("\r\u001b[Ksums  [###"));
    at(399, screen, 51);
    assertEquals("", said());
    at(400, screen, 51);
    assertEquals(2, looks);
  }

  @Test
  void what_a_bar_covers_is_cleared_once() {
    RunScreen screen = screen(true, "xterm");
    at(200, screen, 50);
    said();

    screen.clear();
    screen.clear();

    assertEquals("\r\u001b[K", said());
  }
}
