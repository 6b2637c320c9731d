package dev.quern.cli;

import dev.quern.KindPolicy;
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

/// Works on a run until all its lines have ended, or somebody stops it: one thread takes the input
/// in, the engine runs the programs, this one prints.
final class RunWorker {
  private static final Duration TICK = Duration.ofMillis(100);

  /// How often the store is asked whether it can be written.
  private static final Duration VERIFY = Duration.ofSeconds(5);

  /// How long lines that have ended wait for others: a look at the store costs more than a line.
  private static final Duration GATHER = Duration.ofMillis(25);

  private final Quern quern;
  private final Run run;
  private final KindPolicy policy;
  private final Program program;
  private final boolean keepOrder;
  private final Console console;
  private final RunBrake brake;
  private final RunPrinter printer;
  private final RunScreen screen;
  private final long startedAt = System.nanoTime();

  private Optional<RunIntake> intake = Optional.empty();
  private Optional<Throwable> failure = Optional.empty();
  private Optional<RuntimeException> unprintable = Optional.empty();
  private Duration verifiedAt = Duration.ZERO;
  private volatile boolean begun;
  private boolean told;

  /// @param policy that of the run's kind from the moment on when programs run
  /// @param keepOrder whether lines are printed in their order
  RunWorker(
      Quern quern,
      Run run,
      KindPolicy policy,
      Program program,
      Console console,
      boolean json,
      boolean keepOrder) {
    this.quern = quern;
    this.run = run;
    this.policy = policy;
    this.program = program;
    this.keepOrder = keepOrder;
    this.console = console;
    this.brake = new RunBrake(quern, this::stopIntake);
    this.printer = new RunPrinter(console, json);
    this.screen = new RunScreen(console, new RunMeter(run.spec().name()));
  }

  /// What stops it.
  RunBrake brake() {
    return brake;
  }

  /// Works until the end.
  ///
  /// @param input the input; empty to go on with what was taken in
  /// @param doubt how long after the end of the input a signal means that it was cut off
  /// @return the exit code
  /// @throws RuntimeException if what has ended could not be printed
  int work(Optional<InputStream> input, Duration doubt) throws InterruptedException {
    try (Signals _ = Signals.watch(brake::signal)) {
      intake = input.map(in -> new RunIntake(run, in, doubt, this::begin));
      intake.ifPresentOrElse(RunIntake::start, this::begin);
      watch();
    } catch (RuntimeException e) {
      unlessStoppedNow(e);
    }
    summarize();
    return brake.exit() == Exit.OK && !allDone() ? Exit.FAILED : brake.exit();
  }

  /// Whether no line has failed, was cancelled, or lost its job.
  private boolean allDone() {
    return run.progress().done() == run.progress().lines();
  }

  /// A store that is being closed cannot be asked any more.
  private void unlessStoppedNow(RuntimeException fault) {
    if (!brake.now()) {
      screen.clear();
      throw fault;
    }
  }

  private void stopIntake() {
    intake.ifPresent(RunIntake::stop);
  }

  /// From here on programs run, and by this start's policy: what was taken in before has been
  /// compared, and a start that is refused changes nothing.
  private void begin() {
    brake.unlessStopped(() -> {
      quern.kinds().policy(run.spec().kind(), _ -> policy);
      begun = true;
      quern.programs().handle(run.spec().kind(), program);
      quern.start();
    });
  }

  private void watch() throws InterruptedException {
    while (!over()) {
      run.await(TICK);
      Thread.sleep(GATHER);
      print();
      tellOfStop();
      screen.show(elapsed(), this::look);
    }
    print();
  }

  private boolean over() {
    intake.flatMap(RunIntake::failure).ifPresent(this::fail);
    verifyNowAndThen();
    return brake.now() || lost() || (brake.stopped() ? idle() : run.finished());
  }

  /// Whether no more ends can be written.
  private boolean lost() {
    return failure.filter(StoreException.class::isInstance).isPresent();
  }

  private boolean idle() {
    return quern.running().isEmpty();
  }

  /// Ends of programs that cannot be written are tried again by the engine, without a word: so
  /// somebody has to ask.
  private void verifyNowAndThen() {
    if (elapsed().minus(verifiedAt).compareTo(VERIFY) >= 0) {
      verifiedAt = elapsed();
      try {
        run.verify();
      } catch (StoreException.Busy _) {
        // Somebody else writes for long: that will pass.
      } catch (StoreException | RunRefusedException e) {
        fail(e);
      }
    }
  }

  /// Says what went wrong, once, and stops.
  private void fail(Throwable fault) {
    if (failure.isEmpty() && !brake.now()) {
      failure = Optional.of(fault);
      screen.clear();
      brake.fail(Faults.report(told(fault), console));
    }
  }

  // ---- what is to be seen

  private void print() {
    try {
      for (List<RunLine> lines = next(); !lines.isEmpty(); lines = next()) {
        screen.clear();
        lines.forEach(printer::print);
        console.flush();
        screen.printed(printer.lineOpen());
      }
    } catch (Console.Closed _) {
      unprintable =
          Optional.of(
              new Failed(
                  Exit.FAILED,
                  "standard output was closed, so the run has stopped: start it again to go on, and"
                      + " see 'quern results'"));
      brake.stop();
    } catch (RuntimeException e) {
      unprintable = Optional.of(e);
      brake.stop();
    }
  }

  private List<RunLine> next() {
    if (unprintable.isPresent() || brake.now()) {
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

  private void tellOfStop() {
    if (brake.stopped() && !told && !idle()) {
      told = true;
      screen.clear();
      console.say("quern: stopping when the running lines have ended; Ctrl-C stops them now");
    }
  }

  private void summarize() {
    screen.clear();
    if (begun) {
      screen.summary(look());
    }
    if (unprintable.isPresent() && !brake.now()) {
      throw unprintable.get();
    }
  }

  /// What the user is told of a fault.
  private static Throwable told(Throwable fault) {
    return fault instanceof RunRefusedException refused
        ? new UsageException(refused.getMessage())
        : fault;
  }
}
