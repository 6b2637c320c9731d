package dev.quern.cli;

import dev.quern.Run;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Takes the input of a run in, on a thread of its own: it may be slow in coming, and endless.
///
/// Ctrl-C on a terminal ends whoever writes the input too, so an input that is cut off looks like
/// one that has ended. Hence an end is believed only when no stop follows it at once.
final class RunIntake implements Runnable {
  private final Run run;
  private final InputStream in;
  private final Duration doubt;
  private final Runnable begin;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile Optional<Throwable> failure = Optional.empty();
  private boolean begun;

  /// @param doubt how long an end of the input is not believed
  /// @param begin is called once, as soon as the run may be worked on
  RunIntake(Run run, InputStream in, Duration doubt, Runnable begin) {
    this.run = run;
    this.in = in;
    this.doubt = doubt;
    this.begin = begin;
  }

  void start() {
    Thread.ofPlatform().name("quern-intake").daemon().start(this);
  }

  /// Takes no more in. A read that waits for input is left alone.
  void stop() {
    stop.countDown();
  }

  /// What went wrong, be it an [Error]: nobody else would hear of it, and the run would wait.
  Optional<Throwable> failure() {
    return failure;
  }

  @Override
  public void run() {
    try {
      beginIfCaughtUp();
      takeAll();
    } catch (InterruptedException _) {
      stop();
    } catch (Throwable fault) {
      failure = Optional.of(fault).filter(_ -> !stopped());
    }
  }

  private void takeAll() throws IOException, InterruptedException {
    RunLines lines = new RunLines(in);
    for (Optional<List<String>> next = lines.next(); next.isPresent(); next = lines.next()) {
      if (lines.ended() && stop.await(doubt.toMillis(), TimeUnit.MILLISECONDS) || stopped()) {
        return;
      }
      run.take(next.get());
      beginIfCaughtUp();
    }
    run.end();
    beginIfCaughtUp();
  }

  private boolean stopped() {
    return stop.getCount() == 0;
  }

  private void beginIfCaughtUp() {
    if (!begun && run.caughtUp()) {
      begun = true;
      begin.run();
    }
  }
}
