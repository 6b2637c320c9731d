package dev.quern.http;

import dev.quern.Job;
import dev.quern.Jobs;
import java.time.Duration;
import java.util.Optional;

/// How long a call waits for something to happen to a job. It looks up every second, for changes
/// that no end is, and for the end of the server.
final class Waiting {
  private static final long SLICE = Duration.ofSeconds(1).toNanos();

  private final Call call;
  private final Jobs jobs;
  private final long deadline;

  Waiting(Call call, Duration patience) {
    this.call = call;
    this.jobs = call.view().jobs();
    this.deadline = System.nanoTime() + patience.toNanos();
    call.mayTake(patience);
  }

  /// Whether the time is up, or the server is about to stop.
  boolean over() {
    return left() <= 0 || call.draining().getAsBoolean() || Thread.currentThread().isInterrupted();
  }

  private long left() {
    return deadline - System.nanoTime();
  }

  /// Waits until a job may have changed.
  void forChangeOf(Job job) {
    Duration slice = Duration.ofNanos(Math.min(SLICE, left()));
    if (job.state().ended()) {
      pause(slice);
    } else {
      jobs.await(job.id(), slice);
    }
  }

  private static void pause(Duration slice) {
    try {
      Thread.sleep(slice);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits for a job to end; empty if it does not in time.
  Optional<Job> forEndOf(long id) {
    while (!over()) {
      Optional<Job> ended = jobs.await(id, Duration.ofNanos(Math.min(SLICE, Math.max(0, left()))));
      if (ended.isPresent() || jobs.get(id).isEmpty()) {
        return ended;
      }
    }
    return Optional.empty();
  }
}
