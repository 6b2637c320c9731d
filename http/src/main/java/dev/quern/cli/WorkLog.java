package dev.quern.cli;

import dev.quern.Job;
import dev.quern.JobEvent;
import dev.quern.Quern;
import dev.quern.Transition;
import dev.quern.wire.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Prints what becomes of each job of a worker: a line for each end of an attempt. Told on one
/// thread; the counts may be read by others afterwards.
final class WorkLog implements Consumer<JobEvent> {
  private final Quern quern;
  private final Console console;
  private final boolean json;
  private final Runnable closed;
  private final Map<Long, Instant> started = new HashMap<>();
  private final Map<Transition, Long> counts = new EnumMap<>(Transition.class);

  /// @param closed is called when nobody reads the lines any more
  WorkLog(Quern quern, Console console, boolean json, Runnable closed) {
    this.quern = quern;
    this.console = console;
    this.json = json;
    this.closed = closed;
  }

  @Override
  public void accept(JobEvent event) {
    if (event.transition() == Transition.CLAIM) {
      began(event);
    } else {
      start(event).ifPresent(at -> ended(event, Duration.between(at, event.at())));
    }
  }

  private synchronized void began(JobEvent event) {
    started.put(event.jobId(), event.at());
  }

  private synchronized Optional<Instant> start(JobEvent event) {
    return Optional.ofNullable(started.get(event.jobId()));
  }

  private void ended(JobEvent event, Duration took) {
    try {
      print(event, took);
      console.flush();
    } catch (Console.Closed _) {
      closed.run();
    }
    count(event);
  }

  private synchronized void count(JobEvent event) {
    counts.merge(event.transition(), 1L, Long::sum);
    started.remove(event.jobId());
    notifyAll();
  }

  private void print(JobEvent event, Duration took) {
    Optional<String> failure = failure(event);
    if (json) {
      console.json(json -> {
        json.beginObject();
        new Members(json)
            .id("id", event.jobId())
            .text("kind", event.kind())
            .text("event", event.transition().label())
            .text("state", event.state().label())
            .time("at", event.at())
            .seconds("tookSeconds", took)
            .text("failure", failure);
        json.endObject();
      });
    } else {
      console.line(
          Text.oneLine(
              "%-8s  %d  %s  %s%s"
                  .formatted(
                      event.transition().label(),
                      event.jobId(),
                      event.kind(),
                      When.lasted(took),
                      failure.map("  "::concat).orElse(""))));
    }
  }

  private Optional<String> failure(JobEvent event) {
    return switch (event.transition()) {
      case RETRY, FAIL, RECLAIM -> failure(event.jobId());
      default -> Optional.empty();
    };
  }

  private Optional<String> failure(long id) {
    try {
      return quern.jobs().get(id).flatMap(Job::failure).map(ShowCommand::line);
    } catch (RuntimeException _) {
      // The last lines are printed while the engine closes; then it cannot be asked any more.
      return Optional.empty();
    }
  }

  /// Waits until the end of every attempt has been told of, after the engine was closed.
  synchronized void awaitAll(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    for (long left = patience.toMillis(); !started.isEmpty() && left > 0; ) {
      wait(left);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
  }

  synchronized long failed() {
    return counts.getOrDefault(Transition.FAIL, 0L);
  }

  /// What happened, on one line.
  synchronized String summary() {
    return counts.isEmpty()
        ? "no job was run"
        : counts.entrySet().stream()
            .map(count -> count.getKey().label() + " " + count.getValue())
            .collect(Collectors.joining(", "));
  }
}
