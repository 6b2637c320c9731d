package dev.quern.cli;

import dev.quern.FailureClass;
import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.Page;
import dev.quern.Requeued;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lets the failed jobs of a server run again, one after the other and the last to fail first, as
/// the engine does it.
final class RemoteRetry {
  private static final int PAGE = 100;
  private static final int BLOCKED_LIMIT = 100;

  private final Queue queue;
  private final JobFilter filter;
  private final boolean recoverableOnly;
  private final List<Requeued.Blocked> blocked = new ArrayList<>();
  private long requeued;
  private long blockedCount;
  private long unrecoverable;

  RemoteRetry(Queue queue, Optional<String> kind, boolean recoverableOnly) {
    this.queue = queue;
    this.recoverableOnly = recoverableOnly;
    JobFilter failed = JobFilter.ALL.state(JobState.FAILED).limit(PAGE);
    filter = kind.map(failed::kind).orElse(failed);
  }

  Requeued run() {
    Optional<JobFilter> next = Optional.of(filter);
    while (next.isPresent()) {
      Page page = queue.jobs(next.get());
      page.jobs().forEach(this::retry);
      next = page.next().map(filter::after);
    }
    return new Requeued(requeued, List.copyOf(blocked), blockedCount, unrecoverable);
  }

  private void retry(Job job) {
    if (recoverableOnly && unrecoverable(job)) {
      unrecoverable++;
      return;
    }
    Requeued one = queue.requeue(job.id());
    requeued += one.requeued();
    blockedCount += one.blockedCount();
    one.blocked().stream().limit(BLOCKED_LIMIT - blocked.size()).forEach(blocked::add);
  }

  private static boolean unrecoverable(Job job) {
    return job.failure()
        .filter(failure -> failure.failureClass() == FailureClass.UNRECOVERABLE)
        .isPresent();
  }
}
