package dev.quern.cli;

import java.time.Duration;
import java.util.function.Supplier;

/// Shows on standard error how far a run is: on a terminal as a bar that stays at the bottom, else
/// as a line now and then.
///
/// For one thread.
final class RunScreen {
  private static final Duration REDRAW = Duration.ofMillis(200);
  private static final Duration LINE = Duration.ofSeconds(10);
  private static final String ERASE = "\r\u001b[K";

  private final Console console;
  private final RunMeter meter;
  private final boolean bar;
  private Duration shownAt = Duration.ZERO;
  private boolean drawn;

  RunScreen(Console console, RunMeter meter) {
    this.console = console;
    this.meter = meter;
    this.bar =
        console.terminal().err()
            && !console.environment("TERM").filter(term -> term.equals("dumb")).isPresent();
  }

  /// Shows the state again if it is time.
  ///
  /// @param look is asked only then
  /// @param lineOpen whether standard output stands in the middle of a line
  void show(Duration elapsed, Supplier<RunMeter.Look> look, boolean lineOpen) {
    if (elapsed.minus(shownAt).compareTo(bar ? REDRAW : LINE) >= 0) {
      shownAt = elapsed;
      meter.look(look.get());
      if (bar) {
        draw(lineOpen);
      } else {
        console.say(meter.line());
      }
    }
  }

  /// The bar goes to a line of its own, so that it erases no output.
  private void draw(boolean lineOpen) {
    String newLine = !drawn && lineOpen && console.terminal().out() ? "\n" : "";
    console.mutter(newLine + ERASE + meter.bar(console.terminal().width()));
    drawn = true;
  }

  /// Makes room for something else.
  void clear() {
    if (drawn) {
      console.mutter(ERASE);
      drawn = false;
    }
  }

  /// Says how it went.
  void summary(RunMeter.Look last) {
    clear();
    meter.look(last);
    console.say(meter.summary());
  }
}
