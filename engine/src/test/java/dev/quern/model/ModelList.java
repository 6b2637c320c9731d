package dev.quern.model;

import dev.quern.JobFilter;
import dev.quern.JobState;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A list of jobs as a filter wants it: newest first; where states are asked for and no tag, those
/// that have not ended first, and the ended ones by when they ended.
final class ModelList {
  private static final Comparator<ModelJob> BY_NUMBER = Comparator.comparingInt(job -> job.number);
  private static final Comparator<ModelJob> BY_END =
      Comparator.comparingLong(ModelList::end).thenComparing(BY_NUMBER);

  private ModelList() {}

  static List<ModelJob> of(Collection<ModelJob> jobs, JobFilter filter) {
    boolean byEnd = filter.states().size() < JobState.values().length && filter.tag().isEmpty();
    return jobs.stream()
        .filter(job -> matches(job, filter))
        .sorted((byEnd ? BY_END : BY_NUMBER).reversed())
        .toList();
  }

  private static long end(ModelJob job) {
    return job.state.ended() ? job.endedAt : Long.MAX_VALUE;
  }

  private static boolean matches(ModelJob job, JobFilter filter) {
    return filter.states().contains(job.state)
        && (filter.kinds().isEmpty() || filter.kinds().contains(job.kind()))
        && !filter.notKinds().contains(job.kind())
        && filter
            .dedupeKey()
            .map(key -> job.draft.dedupeKey().equals(Optional.of(key)))
            .orElse(true)
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
