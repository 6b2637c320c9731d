package dev.quern.cli;

import dev.quern.Program;
import dev.quern.Quern;
import dev.quern.Run;
import dev.quern.RunLine;
import dev.quern.RunRefusedException;
import dev.quern.StoreException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Works on a run until all its lines have ended, or somebody stops it: one thread takes the input
/// in, the engine runs the programs, this one prints.
final class RunWorker {
  private static final Duration TICK = Duration.ofMillis(100);

  /// How often the store is asked whether it can be written.
  private static final Duration VERIFY = Duration.ofSeconds(10);

  /// How long lines that have ended wait for others: a look at the store costs more than a line.
  private static final Duration GATHER = Duration.ofMillis(25);

  private final Quern quern;
  private final Run run;
  private final Program program;
  private final boolean keepOrder;
  private final Console console;
  private final RunPrinter printer;
  private final RunScreen screen;
  private final AtomicInteger signals = new AtomicInteger();
  private final long startedAt = System.nanoTime();

  private Optional<RunIntake> intake = Optional.empty();
  private volatile boolean begun;
  private volatile boolean stopped;
  private volatile boolean now;
  private volatile int exit = Exit.OK;
  private boolean told;
  private boolean failed;
  private boolean lost;
  private Duration verifiedAt = Duration.ZERO;
  private Optional<RuntimeException> unprintable = Optional.empty();

  /// @param keepOrder whether lines are printed in their order
  RunWorker(
      Quern quern, Run run, Program program, Console console, boolean json, boolean keepOrder) {
    this.quern = quern;
    this.run = run;
    this.program = program;
    this.keepOrder = keepOrder;
    this.console = console;
    this.printer = new RunPrinter(console, json);
    this.screen = new RunScreen(console, new RunMeter(run.spec().name()));
  }

  /// Works until the end.
  ///
  /// @param input the input; empty to go on with what was taken in
  /// @param doubt how long after the end of the input a signal means that it was cut off
  /// @return the exit code
  /// @throws RuntimeException if what has ended could not be printed
  int work(Optional<InputStream> input, Duration doubt) throws InterruptedException {
    try (Signals _ = Signals.watch(this::signal)) {
      intake = input.map(in -> new RunIntake(run, in, doubt, this::begin));
      intake.ifPresentOrElse(RunIntake::start, this::begin);
      watch();
    }
    screen.clear();
    if (begun) {
      screen.summary(look());
    }
    if (unprintable.isPresent() && !now) {
      throw told(unprintable.get());
    }
    return exit == Exit.OK && run.progress().failed() > 0 ? Exit.FAILED : exit;
  }

  /// From here on programs run: what was taken in before has been compared.
  private synchronized void begin() {
    if (!stopped) {
      begun = true;
      quern.programs().handle(run.spec().kind(), program);
      quern.start();
    }
  }

  private void watch() throws InterruptedException {
    while (!over()) {
      run.await(TICK);
      Thread.sleep(GATHER);
      print();
      tellOfStop();
      screen.show(elapsed(), this::look, printer.lineOpen());
    }
    print();
  }

  private boolean over() {
    intake.flatMap(RunIntake::failure).ifPresent(this::fail);
    verifyNowAndThen();
    return now || lost || (stopped ? quern.running().isEmpty() : run.finished());
  }

  /// Ends of programs that cannot be written are tried again by the engine, without a word: so
  /// somebody has to ask.
  private void verifyNowAndThen() {
    if (elapsed().minus(verifiedAt).compareTo(VERIFY) >= 0) {
      verifiedAt = elapsed();
      try {
        run.verify();
      } catch (StoreException | RunRefusedException e) {
        fail(e);
      }
    }
  }

  // ---- what is to be seen

  private void print() {
    try {
      for (List<RunLine> lines = next(); !lines.isEmpty(); lines = next()) {
        screen.clear();
        lines.forEach(printer::print);
        console.flush();
      }
    } catch (RuntimeException e) {
      unprintable = Optional.of(e);
      stop();
    }
  }

  private List<RunLine> next() {
    if (unprintable.isPresent() || now) {
      return List.of();
    }
    return keepOrder ? run.nextInOrder() : run.nextEnded();
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }

  private RunMeter.Look look() {
    long running = quern.running().stream().filter(handler -> !handler.stuck()).count();
    return new RunMeter.Look(elapsed(), run.progress(), running);
  }

  // ---- stopping

  /// The first lets programs finish, the second ends them, the third ends this process.
  void signal(int code) {
    exit = code;
    switch (signals.incrementAndGet()) {
      case 1 -> stop();
      case 2 -> stopNow();
      default -> Runtime.getRuntime().halt(code);
    }
  }

  private void stopNow() {
    now = true;
    Thread.ofPlatform().start(() -> quern.close(Duration.ZERO));
  }

  private void stop() {
    intake.ifPresent(RunIntake::stop);
    stopClaims();
  }

  private synchronized void stopClaims() {
    try {
      quern.stop();
    } catch (StoreException | IllegalStateException _) {
      // Claims have stopped all the same; only whether one was under way is not known.
    }
    stopped = true;
  }

  private void tellOfStop() {
    if (stopped && !told && !quern.running().isEmpty()) {
      told = true;
      screen.clear();
      console.say("quern: stopping when the running lines have ended; Ctrl-C stops them now");
    }
  }

  /// Says what went wrong, once, and stops.
  private void fail(Exception fault) {
    if (!failed && !now) {
      failed = true;
      lost = fault instanceof StoreException;
      screen.clear();
      int code = Faults.report(fault instanceof RuntimeException own ? told(own) : fault, console);
      exit = exit == Exit.OK ? code : exit;
      stop();
    }
  }

  /// What the user is told of a fault.
  private static RuntimeException told(RuntimeException fault) {
    return switch (fault) {
      case RunRefusedException refused -> new UsageException(refused.getMessage());
      case Console.Closed _ ->
          new Failed(
              Exit.FAILED,
              "standard output was closed, so the run has stopped: start it again to go on, and see"
                  + " 'quern results'");
      default -> fault;
    };
  }
}
