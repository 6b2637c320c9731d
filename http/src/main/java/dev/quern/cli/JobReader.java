package dev.quern.cli;

import dev.quern.Attempt;
import dev.quern.Counts;
import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.LogLine;
import dev.quern.Outcome;
import dev.quern.Page;
import dev.quern.Why;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reads jobs as [dev.quern.wire.JobJson] writes them.
final class JobReader {
  private JobReader() {}

  static Job job(Received job) {
    return new Job(
        job.id("id"),
        job.text("kind"),
        JobState.of(job.text("state")),
        job.text("tenant"),
        job.whole("priority"),
        Received.required("payload", Optional.ofNullable(job.members().get("payload"))),
        job.texts("requires"),
        job.texts("tags"),
        job.perhapsText("dedupeKey"),
        job.perhapsText("affinityKey"),
        job.time("createdAt"),
        job.time("availableAt"),
        job.perhapsTime("startedAt"),
        job.perhapsTime("endedAt"),
        job.whole("attempts"),
        job.perhapsWhole("maxAttempts"),
        job.whole("losses"),
        job.whole("requeues"),
        job.number("fence"),
        job.perhapsText("owner").map(Long::valueOf),
        job.perhapsTime("leaseUntil"),
        job.perhapsTime("cancelRequestedAt"),
        job.perhapsReal("progress"),
        job.perhapsText("note"),
        job.json("result"),
        job.perhapsObject("failure").map(JobReader::failure));
  }

  private static Failure failure(Received failure) {
    return new Failure(
        FailureClass.of(failure.text("class")),
        failure.text("code"),
        failure.text("message"),
        failure.perhapsText("trace").orElse(""));
  }

  static Page page(Received page) {
    return new Page(page.objects("data", JobReader::job), page.perhapsText("nextCursor"));
  }

  /// @param id the job it belongs to
  static Attempt attempt(long id, Received attempt) {
    return new Attempt(
        id,
        attempt.number("fence"),
        attempt.whole("number"),
        attempt.id("owner"),
        attempt.time("startedAt"),
        attempt.time("endedAt"),
        Outcome.of(attempt.text("outcome")),
        attempt.perhapsText("note"),
        attempt.perhapsObject("failure").map(JobReader::failure));
  }

  static LogLine line(Received line) {
    return new LogLine(
        line.number("fence"), line.whole("sequence"), line.time("at"), line.text("text"));
  }

  static Why why(Received why) {
    return new Why(
        why.id("id"),
        JobState.of(why.text("state")),
        why.objects("reasons", reason -> new Why.Reason(reason.text("code"), reason.text("text"))));
  }

  static Counts counts(Received counts) {
    Received kinds = counts.object("kinds");
    Map<String, Map<JobState, Long>> byKind = new TreeMap<>();
    kinds.members().keySet().forEach(kind -> byKind.put(kind, states(kinds.object(kind))));
    return new Counts(byKind);
  }

  private static Map<JobState, Long> states(Received numbers) {
    Map<JobState, Long> states = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      states.put(state, numbers.number(state.label()));
    }
    return states;
  }
}
