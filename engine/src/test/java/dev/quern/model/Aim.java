package dev.quern.model;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// What a command is for: all jobs that ever were, or jobs and leases in which there is a point.
enum Aim {
  ANY_JOB(null),
  LIVE_JOB(job -> job.state.live()),
  RUNNING_JOB(ModelJob::running),
  ENDED_JOB(job -> job.state.ended()),
  ANY_LEASE(null),
  HELD_LEASE(null);

  private final Predicate<ModelJob> fits;

  Aim(Predicate<ModelJob> fits) {
    this.fits = fits;
  }

  /// The number of what is so far back from the newest that fits, round and round; 0 if nothing
  /// does.
  int in(Model model, int back) {
    List<Integer> fitting = fitting(model).reversed();
    return fitting.isEmpty() ? 0 : fitting.get(back % fitting.size());
  }

  private List<Integer> fitting(Model model) {
    return switch (this) {
      case ANY_JOB -> IntStream.rangeClosed(1, model.jobs()).boxed().toList();
      case ANY_LEASE -> model.leases(false);
      case HELD_LEASE -> model.leases(true);
      default -> model.store().some(fits).stream().map(job -> job.number).toList();
    };
  }
}
