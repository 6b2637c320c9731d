package dev.quern.cli;

import dev.quern.Attempt;
import dev.quern.Failure;
import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.LogLine;
import dev.quern.wire.JobJson;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `quern show`: all that is known of one job.
final class ShowCommand {
  private static final int SHOWN = 2_000;

  static final Command COMMAND =
      Command.named("show", "shows all of a job: its data, attempts, failures and log")
          .operands("ID", 1, 1)
          .example("quern show 17")
          .example("quern show 17 --json")
          .atServersToo()
          .does(ShowCommand::run);

  private final Job job;
  private final Console console;
  private final When when;

  private ShowCommand(Job job, Console console) {
    this.job = job;
    this.console = console;
    when = console.when();
  }

  private static int run(Arguments arguments, Console console) throws IOException {
    long id = Values.operandId(arguments.operand(0));
    try (Queue queue = Queues.existing(arguments, console)) {
      Job job = queue.job(id).orElseThrow(() -> noJob(id));
      List<Attempt> attempts = queue.attempts(id);
      List<LogLine> log = queue.log(id);
      if (arguments.json()) {
        console.json(json -> JobJson.write(json, job, attempts, log));
      } else {
        new ShowCommand(job, console).print(attempts, log);
      }
    }
    return Exit.OK;
  }

  /// What every command says of an id that is not there.
  static Failed noJob(long id) {
    return Failed.notFound("no job " + id + ": 'quern jobs' lists them");
  }

  /// A failure on one line.
  static String line(Failure failure) {
    return "%s, %s: %s"
        .formatted(failure.failureClass().label(), failure.code(), failure.message());
  }

  private void print(List<Attempt> attempts, List<LogLine> log) {
    console.line(
        console.bold("job " + job.id())
            + "  "
            + Text.oneLine(job.kind())
            + "  "
            + job.state().label());
    times();
    counts();
    texts();
    if (!attempts.isEmpty()) {
      console.line("");
      console.table(table(attempts));
      traces(attempts);
    }
    if (!log.isEmpty()) {
      console.line("");
      log.forEach(this::log);
    }
  }

  private void times() {
    field("enqueued", when.exact(job.createdAt()));
    if (job.state().live() && job.startedAt().isEmpty() || job.availableAt().isAfter(when.now())) {
      field("available", when.exact(job.availableAt()));
    }
    job.startedAt().ifPresent(at -> field("started", when.exact(at)));
    job.endedAt().ifPresent(at -> field("ended", when.exact(at)));
    job.leaseUntil().ifPresent(at -> field("leased until", when.exact(at)));
    job.cancelRequestedAt().ifPresent(at -> field("asked to stop", when.exact(at)));
  }

  private void counts() {
    field("priority", job.priority());
    field(
        "attempts",
        job.attempts() + job.maxAttempts().map(most -> " of " + most).orElse("") + others());
    if (job.state() == JobState.RUNNING) {
      job.owner().ifPresent(owner -> field("owner", owner));
    }
    job.progress().ifPresent(done -> field("progress", JobsCommand.percent(done)));
  }

  private String others() {
    return Stream.of(
            counted(job.losses(), "loss", "losses"), counted(job.requeues(), "requeue", "requeues"))
        .collect(Collectors.joining());
  }

  private static String counted(int number, String one, String many) {
    return number == 0 ? "" : ", " + number + " " + (number == 1 ? one : many);
  }

  private void texts() {
    names("tags", job.tags());
    names("requires", job.requires());
    job.dedupeKey().ifPresent(key -> field("dedupe key", key));
    job.affinityKey().ifPresent(key -> field("affinity key", key));
    job.note().ifPresent(note -> field("note", note));
    job.failure().ifPresent(failure -> field("failure", line(failure)));
    job.result().ifPresent(result -> field("result", result));
    field("payload", job.payload());
  }

  private void names(String name, List<String> values) {
    if (!values.isEmpty()) {
      field(name, String.join(", ", values));
    }
  }

  private void field(String name, Object value) {
    console.line("  %-13s  %s".formatted(name, shown(Text.oneLine(value.toString()))));
  }

  /// A long text is cut on a terminal.
  private String shown(String text) {
    return console.terminal().out() && text.length() > SHOWN
        ? Text.cut(text, SHOWN) + " (--json has all %,d characters)".formatted(text.length())
        : text;
  }

  private Table table(List<Attempt> attempts) {
    Table table = new Table("ATTEMPT", "OUTCOME", "STARTED", "TOOK", "WHY");
    attempts.forEach(attempt ->
        table.row(
            attempt.number(),
            attempt.outcome().label(),
            when.brief(attempt.startedAt()),
            took(attempt.startedAt(), attempt.endedAt()),
            why(attempt)));
    return table;
  }

  private static String took(Instant from, Instant to) {
    return When.lasted(Duration.between(from, to));
  }

  private static String why(Attempt attempt) {
    return attempt.failure().map(ShowCommand::line).or(attempt::note).orElse("");
  }

  /// Each trace once: attempts tend to fail alike.
  private void traces(List<Attempt> attempts) {
    Set<String> shown = new HashSet<>();
    for (Attempt attempt : attempts) {
      String trace = attempt.failure().map(Failure::trace).orElse("");
      if (!trace.isEmpty() && shown.add(trace)) {
        console.line("");
        console.line("attempt " + attempt.number() + ":");
        trace.lines().forEach(line -> console.line("  " + Text.oneLine(line)));
      }
    }
  }

  private void log(LogLine line) {
    console.line(console.faint(when.brief(line.at())) + "  " + Text.oneLine(line.text()));
  }
}
