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
  private boolean lineOpen;

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
  void show(Duration elapsed, Supplier<RunMeter.Look> look) {
    if (elapsed.minus(shownAt).compareTo(bar ? REDRAW : LINE) >= 0) {
      shownAt = elapsed;
      meter.look(look.get());
      if (bar) {
        draw();
      } else {
        console.say(meter.line());
      }
    }
  }

  private void draw() {
    endLine();
    console.mutter(ERASE + meter.bar(console.terminal().width()));
    drawn = true;
  }

  /// On a terminal, what is shown here must not end up in the middle of some output.
  private void endLine() {
    if (lineOpen && console.terminal().out()) {
      console.mutter("\n");
    }
    lineOpen = false;
  }

  /// Something was printed.
  ///
  /// @param lineOpen whether standard output stands in the middle of a line now
  void printed(boolean lineOpen) {
    this.lineOpen = lineOpen;
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
    endLine();
    meter.look(last);
    console.say(meter.summary());
  }
}
