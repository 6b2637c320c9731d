package dev.quern.cli;

import dev.quern.Backoff;
import dev.quern.JobState;
import dev.quern.KindPolicy;
import dev.quern.Program;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// `quern work`: runs programs as handlers of kinds, until it is stopped or nothing is left.
final class WorkCommand {
  private static final Duration GRACE = Duration.ofDays(1);
  private static final Duration LAST_LINES = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(500);

  private static final Option<Integer> JOBS =
      Option.count("jobs", "N", "how many run at once (default: one for each processor)");
  private static final Option<Duration> TIMEOUT =
      Option.duration("timeout", "D", "how long a program may take, such as 30s or 5m");
  private static final Option<Integer> ATTEMPTS =
      Option.count("attempts", "N", "failed attempts before a job fails");
  private static final Option<Duration> BACKOFF =
      Option.duration("backoff", "D", "wait after the first failure, doubled after each");
  private static final Option<List<String>> CAPABILITIES =
      Option.of("capabilities", "A,B", "take jobs that require these, too", Values::names);
  private static final Option<Boolean> DRAIN =
      Option.flag("drain", "stop when all jobs of these kinds have ended");

  static final Command COMMAND =
      Command.named("work", "runs programs for the jobs of kinds")
          .options(Served.OPTION, JOBS, TIMEOUT, ATTEMPTS, BACKOFF, CAPABILITIES, DRAIN)
          .example("quern work --exec 'resize=convert \"$1\" -resize 800 \"small/$1\"'")
          .example("quern work --exec 'mail=./send' --exec 'sms=./text' --jobs 8 --attempts 3")
          .example("quern work --exec 'report=./report' --drain")
          .details(
              """
              CMD is run by sh with the payload as $1 and on standard input. Exit code 0 is done, 65
              fails for good, all others are tried again. Standard output becomes the result, standard
              error the log of the job. Timeout, attempts and back-off are kept with the kind.

              Ctrl-C or SIGTERM lets running programs finish, a second one stops them; their jobs are
              given back. The exit code is then 130 or 143.
              """)
          .does(WorkCommand::run);

  private final Quern quern;
  private final Console console;
  private final WorkLog log;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicInteger signals = new AtomicInteger();
  private volatile int exit = Exit.OK;

  private WorkCommand(Quern quern, Arguments arguments, Console console) {
    this.quern = quern;
    this.console = console;
    log = new WorkLog(quern, console, arguments.json(), stop::countDown);
  }

  private static int run(Arguments arguments, Console console) throws Exception {
    List<Served> served = arguments.all(Served.OPTION);
    if (served.isEmpty()) {
      throw new UsageException(
          "nothing to work on: name a kind and its program with --exec KIND=CMD");
    }
    Map<String, Program> programs = Served.programs(served);
    QuernConfig config =
        QuernConfig.DEFAULT
            .concurrency(arguments.get(JOBS).orElse(Runtime.getRuntime().availableProcessors()))
            .capabilities(Set.copyOf(arguments.get(CAPABILITIES).orElse(List.of())));
    try (Quern quern = Database.existing(arguments, console, config)) {
      programs
          .keySet()
          .forEach(kind -> quern.kinds().policy(kind, policy -> with(policy, arguments)));
      programs.forEach(quern.programs()::handle);
      return new WorkCommand(quern, arguments, console)
          .work(programs.keySet(), arguments.has(DRAIN));
    }
  }

  private static KindPolicy with(KindPolicy policy, Arguments arguments) {
    KindPolicy changed = policy;
    changed = arguments.get(TIMEOUT).map(changed::timeout).orElse(changed);
    changed = arguments.get(ATTEMPTS).map(changed::maxAttempts).orElse(changed);
    return arguments.get(BACKOFF).map(WorkCommand::backoff).map(changed::backoff).orElse(changed);
  }

  static Backoff backoff(Duration first) {
    Duration cap = Backoff.DEFAULT.cap();
    return Backoff.exponential(first, first.compareTo(cap) > 0 ? first : cap);
  }

  private int work(Set<String> kinds, boolean drain) throws Exception {
    try (Signals _ = Signals.watch(this::signal);
        AutoCloseable _ = quern.listen(log)) {
      workUntilStopped(kinds, drain);
      quern.close(GRACE);
      log.awaitAll(LAST_LINES);
    }
    console.say(log.summary());
    return exit == Exit.OK && log.failed() > 0 ? Exit.FAILED : exit;
  }

  private void workUntilStopped(Set<String> kinds, boolean drain) throws InterruptedException {
    try {
      quern.start();
      console.say("working on %s; Ctrl-C stops".formatted(Text.oneLine(String.join(", ", kinds))));
      if (drain) {
        awaitDrained(kinds);
      } else {
        awaitStop();
      }
    } catch (IllegalStateException closed) {
      // A second signal may have closed the engine at any moment.
      if (stop.getCount() > 0) {
        throw closed;
      }
    }
  }

  /// The first lets programs finish, the second ends them, the third ends this process.
  private void signal(int code) {
    exit = code;
    stop.countDown();
    switch (signals.incrementAndGet()) {
      case 1 -> console.say("stopping when the running jobs have ended; again to stop them now");
      case 2 -> Thread.ofPlatform().start(() -> quern.close(Duration.ZERO));
      default -> Runtime.getRuntime().halt(code);
    }
  }

  private void awaitStop() throws InterruptedException {
    while (!stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
      checkUsable();
    }
  }

  /// A file that is damaged or gone will not come back by itself.
  private void checkUsable() {
    quern
        .unusable()
        .ifPresent(why -> {
          throw why;
        });
  }

  private void awaitDrained(Set<String> kinds) throws InterruptedException {
    while (!stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
      checkUsable();
      if (quern.running().isEmpty() && live(kinds) == 0) {
        return;
      }
    }
  }

  private long live(Set<String> kinds) {
    return quern.jobs().counts().byKind().entrySet().stream()
        .filter(counts -> kinds.contains(counts.getKey()))
        .flatMap(counts -> counts.getValue().entrySet().stream())
        .filter(count -> count.getKey().live())
        .collect(Collectors.summingLong(Map.Entry<JobState, Long>::getValue));
  }
}
