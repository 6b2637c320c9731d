package dev.quern.cli;

import dev.quern.Backoff;
import dev.quern.KindPolicy;
import dev.quern.Program;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.Run;
import dev.quern.RunRefusedException;
import dev.quern.RunSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// `quern run`: a parallel `xargs` that survives its own death.
final class RunCommand {
  /// Room for the longest output of a program, as JSON.
  private static final int RESULT_LIMIT = 32 << 20;

  /// How long programs may go on when the store cannot be written.
  private static final Duration GRACE = Duration.ofSeconds(2);

  /// How long after the end of a pipe a signal means that Ctrl-C has cut it off.
  private static final Duration DOUBT = Duration.ofMillis(200);

  private static final Option<Program> EXEC =
      Option.of("exec", "CMD", "what to run for each line, by sh -c", Program::of);
  private static final Option<Path> INPUT =
      Option.path("input", "FILE", "where the lines are (default: standard input)");
  private static final Option<Integer> JOBS =
      Option.count("jobs", "N", "how many run at once (default: one for each processor)");
  private static final Option<Integer> ATTEMPTS =
      Option.count("attempts", "N", "failed attempts before a line has failed").or("5");
  private static final Option<Duration> BACKOFF =
      Option.duration("backoff", "D", "wait after the first failure, doubled after each, to 1h")
          .or("1s");
  private static final Option<Duration> TIMEOUT =
      Option.duration("timeout", "D", "how long a program may take, such as 30s or 5m");
  private static final Option<Boolean> KEEP_ORDER =
      Option.flag("keep-order", "print in the order of the lines, from the first");
  private static final Option<Boolean> RESUME =
      Option.flag("resume", "go on with the lines taken in before, without input");

  static final Command COMMAND =
      Command.named("run", "runs a program for each line of its input, and can be killed meanwhile")
          .operands("NAME", 1, 1)
          .options(EXEC, INPUT, JOBS, ATTEMPTS, BACKOFF, TIMEOUT, KEEP_ORDER, RESUME)
          .example("find . -name '*.java' | quern run sums --exec 'sha256sum \"$1\"' --jobs 4")
          .example("quern run fetch --exec 'curl -fsS \"$1\"' --input urls.txt --keep-order")
          .example("quern run fetch --resume")
          .details(
              """
              Each line is a job. The line is $1 of CMD and its standard input; a \\r before the line
              end is part of it, and an empty line is a line too. A line is UTF-8 without NUL, of at
              most %,d bytes: Linux lets no argument be longer. With --json the input is JSON
              lines, and the output is a JSON line for each job. Exit code 0 of CMD is done, 65
              fails for good, all others are tried again.

              What CMD prints comes whole, when it is done. Failures go to standard error.

              Killed at any moment and started again with the same words and the same input, the run
              goes on: no line that has ended runs again, and none is left out. Command, directory,
              --json and the lines taken in must be the same; the rest may change. It prints what
              ends from then on; 'quern results NAME' has everything. 'quern forget NAME' lets go
              of the run.

              Ctrl-C or SIGTERM lets running programs finish, a second one stops them; nothing is
              charged to their lines. Exit codes: 0 all lines are done, 1 some have failed or were
              cancelled or deleted, 2 not understood or a line refused, 130 interrupted, 143
              terminated.
              """
                  .formatted(Run.LINE_LIMIT))
          .does(RunCommand::run);

  private final Arguments arguments;
  private final Console console;
  private final String name;

  private RunCommand(Arguments arguments, Console console) {
    this.arguments = arguments;
    this.console = console;
    this.name = arguments.operand(0);
  }

  private static int run(Arguments arguments, Console console) throws Exception {
    RunCommand command = new RunCommand(arguments, console);
    return arguments.has(RESUME) ? command.resume() : command.start();
  }

  private int start() throws Exception {
    Program program =
        arguments
            .get(EXEC)
            .orElseThrow(() -> new UsageException("what to run? Say it with --exec CMD"))
            .form(arguments.json() ? Program.Form.JSON : Program.Form.TEXT);
    RunSpec spec = understood(() -> new RunSpec(name, program.command(), here(), arguments.json()));
    KindPolicy policy = understood(this::policy);
    try (InputStream input = input();
        Quern quern = Database.open(arguments, console, config());
        Run run = understood(() -> quern.runs().open(spec))) {
      return work(quern, run, policy, program, Optional.of(input));
    }
  }

  private int resume() throws Exception {
    if (arguments.has(EXEC) || arguments.has(INPUT)) {
      throw new UsageException(
          "--resume takes the command and the lines from the run: leave out "
              + (arguments.has(EXEC) ? EXEC : INPUT).dashed());
    }
    KindPolicy policy = understood(this::policy);
    try (Quern quern = Database.existing(arguments, console, config());
        Run run = understood(() -> quern.runs().reopen(name))) {
      return work(quern, run, policy, program(run.spec()), Optional.empty());
    }
  }

  private int work(
      Quern quern, Run run, KindPolicy policy, Program program, Optional<InputStream> input)
      throws InterruptedException {
    String kind = run.spec().kind();
    if (quern.kinds().get(kind).pausedAt().isPresent()) {
      console.say("quern: %1$s is paused: 'quern resume %1$s' lets it go on".formatted(kind));
    }
    boolean keepOrder = arguments.has(KEEP_ORDER);
    return new RunWorker(quern, run, policy, program, console, arguments.json(), keepOrder)
        .work(input, arguments.has(INPUT) ? Duration.ZERO : DOUBT);
  }

  /// What is refused here was typed.
  private static <T> T understood(Typing<T> typing) {
    try {
      return typing.read();
    } catch (IllegalArgumentException | RunRefusedException bad) {
      throw new UsageException(bad.getMessage());
    }
  }

  private interface Typing<T> {
    T read();
  }

  // ---- what was asked for

  private static String here() {
    return System.getProperty("user.dir");
  }

  /// The program of a run that is gone on with, in its own directory.
  private static Program program(RunSpec spec) {
    Program program =
        Program.of(spec.command()).form(spec.json() ? Program.Form.JSON : Program.Form.TEXT);
    return spec.directory().equals(here()) ? program : program.directory(Path.of(spec.directory()));
  }

  private int jobs() {
    return arguments.get(JOBS).orElseGet(() -> Runtime.getRuntime().availableProcessors());
  }

  private QuernConfig config() {
    return understood(
        () -> QuernConfig.DEFAULT.concurrency(jobs()).payloadLimit(RESULT_LIMIT).grace(GRACE));
  }

  /// The policy of the kind of the run: nothing is left of what an earlier start asked for.
  private KindPolicy policy() {
    KindPolicy policy =
        KindPolicy.DEFAULT
            .maxAttempts(arguments.value(ATTEMPTS))
            .backoff(backoff(arguments.value(BACKOFF)))
            .concurrency(jobs())
            .chargesLosses(false)
            .keepsEnded(true);
    return arguments.get(TIMEOUT).map(policy::timeout).orElse(policy);
  }

  private static Backoff backoff(Duration first) {
    Duration cap = Backoff.DEFAULT.cap();
    return Backoff.exponential(first, first.compareTo(cap) > 0 ? first : cap);
  }

  // ---- the input

  private InputStream input() throws IOException {
    Optional<Path> file = arguments.get(INPUT).filter(path -> !path.toString().equals("-"));
    if (file.isPresent()) {
      return open(file.get());
    }
    if (console.terminal().in()) {
      console.say("quern: reading lines from the terminal; Ctrl-D ends them");
    }
    return console.in();
  }

  private InputStream open(Path file) throws IOException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new UsageException("--input: %s is no file that can be read".formatted(file));
    }
    Path database = Database.file(arguments, console);
    for (String part : new String[] {"", "-wal", "-shm", "-owners"}) {
      Path own = Path.of(database + part);
      if (Files.exists(own) && Files.isSameFile(own, file)) {
        throw new UsageException("--input: %s belongs to the database".formatted(file));
      }
    }
    return Files.newInputStream(file);
  }
}
