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
      Option.of("state", "S", "only this state, such as ready or failed", JobsCommand::state)
          .repeated();
  private static final Option<JobState> NOT_STATE =
      Option.of("not-state", "S", "not this state", JobsCommand::state).repeated();
  private static final Option<String> KIND = Option.text("kind", "K", "only this kind").repeated();
  private static final Option<String> NOT_KIND =
      Option.text("not-kind", "K", "not this kind").repeated();
  private static final Option<String> TAG = Option.text("tag", "T", "only jobs with this tag");
  private static final Option<String> ERROR =
      Option.text("error", "TEXT", "only jobs whose last failure has this in its code or message");
  private static final Option<String> KEY =
      Option.text("key", "KEY", "only jobs with this dedupe key, ended ones too");
  private static final Option<Instant> FROM =
      Option.instant("created-from", "T", "only jobs created then or later");
  private static final Option<Instant> BEFORE =
      Option.instant("created-before", "T", "only jobs created earlier");
  private static final Option<Integer> LIMIT =
      Option.count("limit", "N", "how many at most, up to 1000").or("50");
  private static final Option<String> CURSOR =
      Option.text("cursor", "C", "go on where a list ended");

  static final Command COMMAND =
      Command.named("jobs", "lists jobs, newest first")
          .options(STATE, NOT_STATE, KIND, NOT_KIND, TAG, ERROR, KEY, FROM, BEFORE, LIMIT, CURSOR)
          .example("quern jobs --limit 10")
          .example("quern jobs --state failed --error 'connection refused'")
          .example("quern jobs --not-state done --created-from 2027-01-31T09:00")
          .example("quern jobs --kind email.send --kind sms.send --json")
          .details(
              """
              On a pipe each job is a line of six fields separated by tabs: id, kind, state, attempts,
              time, and what there is to say. States: waiting, scheduled, ready, running, done, failed,
              cancelled. Of several values of --state or --kind one is enough.
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
    JobFilter filter = states(JobFilter.ALL.limit(arguments.value(LIMIT)), arguments);
    filter = filter.kinds(arguments.all(KIND).toArray(String[]::new));
    filter = filter.withoutKinds(arguments.all(NOT_KIND).toArray(String[]::new));
    filter = arguments.get(TAG).map(filter::tag).orElse(filter);
    filter = arguments.get(ERROR).map(filter::errorText).orElse(filter);
    filter = arguments.get(KEY).map(filter::dedupeKey).orElse(filter);
    filter = arguments.get(FROM).map(filter::createdFrom).orElse(filter);
    filter = arguments.get(BEFORE).map(filter::createdBefore).orElse(filter);
    return arguments.get(CURSOR).map(filter::after).orElse(filter);
  }

  private static JobFilter states(JobFilter filter, Arguments arguments) {
    JobState[] wanted = arguments.all(STATE).toArray(JobState[]::new);
    JobFilter asked = wanted.length == 0 ? filter : filter.states(wanted);
    return asked.withoutStates(arguments.all(NOT_STATE).toArray(JobState[]::new));
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
