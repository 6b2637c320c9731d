package dev.quern.cli;

import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.Page;
import dev.quern.wire.JobJson;
import dev.quern.wire.Members;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// `quern jobs`: one page of a list.
final class JobsCommand {
  private static final int PAYLOAD_SHOWN = 500;

  private static final Option<JobState> STATE =
      Option.of("state", "S", "only this state, such as ready or failed", JobsCommand::state);
  private static final Option<String> KIND = Option.text("kind", "K", "only this kind");
  private static final Option<String> TAG = Option.text("tag", "T", "only jobs with this tag");
  private static final Option<String> ERROR =
      Option.text("error", "TEXT", "only jobs whose last failure has this in its code or message");
  private static final Option<Integer> LIMIT =
      Option.count("limit", "N", "how many at most, up to 1000").or("50");
  private static final Option<String> CURSOR =
      Option.text("cursor", "C", "go on where a list ended");

  static final Command COMMAND =
      Command.named("jobs", "lists jobs, newest first")
          .options(STATE, KIND, TAG, ERROR, LIMIT, CURSOR)
          .example("quern jobs --limit 10")
          .example("quern jobs --state failed --error 'connection refused'")
          .example("quern jobs --kind email.send --json")
          .details(
              """
              On a pipe each job is a line of six fields separated by tabs: id, kind, state, attempts,
              time, and what there is to say. States: waiting, scheduled, ready, running, done, failed,
              cancelled.
              """)
          .atServersToo()
          .does(JobsCommand::run);

  private JobsCommand() {}

  static JobState state(String label) {
    List<String> labels = Arrays.stream(JobState.values()).map(JobState::label).toList();
    if (!labels.contains(label)) {
      throw new IllegalArgumentException(
          "no state "
              + label
              + Nearest.hint(label, labels, "use one of " + String.join(", ", labels)));
    }
    return JobState.of(label);
  }

  private static int run(Arguments arguments, Console console) throws IOException {
    try (Queue queue = Queues.existing(arguments, console)) {
      Page page = queue.jobs(filter(arguments));
      if (arguments.json()) {
        json(page, console);
      } else {
        print(page, console);
      }
    }
    return Exit.OK;
  }

  private static JobFilter filter(Arguments arguments) {
    return new JobFilter(
        arguments.get(STATE),
        arguments.get(KIND),
        arguments.get(TAG),
        arguments.get(ERROR),
        arguments.value(LIMIT),
        arguments.get(CURSOR));
  }

  private static void json(Page page, Console console) {
    console.json(json -> {
      json.beginObject().name("data").beginArray();
      page.jobs().forEach(job -> JobJson.write(json, job));
      json.endArray();
      new Members(json).text("nextCursor", page.next());
      json.endObject();
    });
  }

  private static void print(Page page, Console console) {
    if (!page.jobs().isEmpty()) {
      console.table(table(page.jobs(), console.when()));
      console.flush();
    } else if (page.next().isEmpty()) {
      console.say("no jobs");
    } else {
      console.say("none among the jobs looked at so far");
    }
    page.next().ifPresent(cursor -> console.say("more: add --cursor " + cursor));
  }

  private static Table table(List<Job> jobs, When when) {
    Table table = new Table("ID", "KIND", "STATE", "ATTEMPTS", "WHEN", "DETAILS");
    jobs.forEach(job ->
        table.row(
            job.id(),
            job.kind(),
            job.state().label(),
            job.attempts(),
            when.brief(moment(job)),
            details(job)));
    return table;
  }

  /// The time that matters in its state.
  private static Instant moment(Job job) {
    return switch (job.state()) {
      case WAITING -> job.createdAt();
      case SCHEDULED, READY -> job.availableAt();
      case RUNNING -> job.startedAt().orElse(job.availableAt());
      case DONE, FAILED, CANCELLED -> job.endedAt().orElse(job.createdAt());
    };
  }

  private static String details(Job job) {
    return doing(job)
        .or(() -> job.failure().filter(_ -> job.state() != JobState.DONE).map(ShowCommand::line))
        .or(job::note)
        .orElseGet(() -> Text.cut(job.payload(), PAYLOAD_SHOWN));
  }

  private static Optional<String> doing(Job job) {
    return job.state() == JobState.RUNNING
        ? job.progress().map(done -> percent(done) + job.note().map(note -> " " + note).orElse(""))
        : Optional.empty();
  }

  static String percent(double fraction) {
    return Math.round(fraction * 100) + " %";
  }
}
