package dev.quern.model;

import dev.quern.JobFilter;
import dev.quern.JobState;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// A list of jobs as a filter wants it: newest first, those of one ended state by when they ended,
/// unless a tag is asked for.
final class ModelList {
  private static final Comparator<ModelJob> BY_NUMBER = Comparator.comparingInt(job -> job.number);
  private static final Comparator<ModelJob> BY_END =
      Comparator.<ModelJob>comparingLong(job -> job.endedAt).thenComparing(BY_NUMBER);

  private ModelList() {}

  static List<ModelJob> of(Collection<ModelJob> jobs, JobFilter filter) {
    boolean ended = filter.state().filter(JobState::ended).isPresent() && filter.tag().isEmpty();
    return jobs.stream()
        .filter(job -> matches(job, filter))
        .sorted((ended ? BY_END : BY_NUMBER).reversed())
        .toList();
  }

  private static boolean matches(ModelJob job, JobFilter filter) {
    return filter.state().map(state -> job.state == state).orElse(true)
        && filter.kind().map(job.kind()::equals).orElse(true)
        && filter.tag().map(job.draft.tags()::contains).orElse(true)
        && filter.errorText().map(text -> failureHas(job, text)).orElse(true);
  }

  private static boolean failureHas(ModelJob job, String text) {
    return job.failure != null
        && (has(job.failure.code(), text) || has(job.failure.message(), text));
  }

  private static boolean has(String whole, String part) {
    return whole.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }
}
