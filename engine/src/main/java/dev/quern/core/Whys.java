package dev.quern.core;

import dev.quern.Failure;
import dev.quern.Job;
import dev.quern.KindStatus;
import dev.quern.Outcome;
import dev.quern.Rate;
import dev.quern.StoreException;
import dev.quern.Tenant;
import dev.quern.Why;
import dev.quern.store.Contradiction;
import dev.quern.store.Tx;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Finds out why a job is where it is, from one state of the store.
final class Whys {
  private static final int AHEAD_LIMIT = 100_000;

  private final Core core;
  private final Tx tx;
  private final List<Why.Reason> reasons = new ArrayList<>();

  Whys(Core core, Tx tx) {
    this.core = core;
    this.tx = tx;
  }

  Optional<Why> of(long id) throws SQLException {
    Optional<Job> job = JobViewTable.get(tx, id);
    if (job.isPresent()) {
      explain(job.get());
    }
    return job.map(found -> new Why(id, found.state(), List.copyOf(reasons)));
  }

  private void explain(Job job) throws SQLException {
    switch (job.state()) {
      case WAITING -> because("waits", "waits for other jobs");
      case SCHEDULED -> scheduled(job);
      case READY -> ready(job);
      case RUNNING -> running(job);
      case DONE, FAILED, CANCELLED -> ended(job);
    }
  }

  private void because(String code, String text) {
    reasons.add(new Why.Reason(code, text));
  }

  private void scheduled(Job job) throws SQLException {
    Instant due = job.availableAt();
    Duration left = Duration.ofMillis(Math.max(0, due.toEpochMilli() - core.now()));
    String until = "not due until %s, in %s".formatted(due, words(left));
    Optional<Outcome> last = AttemptTable.lastOutcome(tx, job.id());
    if (last.equals(Optional.of(Outcome.DEFERRED))) {
      because("deferred", until + "; its handler said: " + job.note().orElse(""));
    } else if (last.isPresent() && job.failure().isPresent()) {
      because("backing_off", until + "; the last attempt failed: " + words(job.failure().get()));
    } else {
      because("not_due", until);
    }
    kind(job);
    workers(job);
  }

  private void ready(Job job) throws SQLException {
    kind(job);
    limits(job);
    suspect(job);
    workers(job);
    ahead(job);
  }

  private void suspect(Job job) throws SQLException {
    if (job.losses() >= Suspects.LOSSES && ClaimTable.runsSuspect(tx)) {
      because(
          "suspect",
          "it was lost %d times with its worker: a process runs one such job at a time"
              .formatted(job.losses()));
    }
  }

  private void kind(Job job) throws SQLException {
    if (!job.tenant().isEmpty()) {
      tenant(job);
    }
    KindStatus status = KindTable.get(tx, job.kind());
    status
        .pausedAt()
        .ifPresent(at ->
            because(
                "paused",
                "kind %s is paused since %s: %s"
                    .formatted(job.kind(), at, status.pauseReason().orElse("no reason given"))));
    if (status.policy().retired()) {
      because("retired", "kind " + job.kind() + " is retired: its jobs are not claimed");
    }
  }

  private void tenant(Job job) throws SQLException {
    TenantTable.get(tx, job.tenant())
        .flatMap(Tenant::suspendedAt)
        .ifPresent(at ->
            because("suspended", "tenant %s is suspended since %s".formatted(job.tenant(), at)));
  }

  private void limits(Job job) throws SQLException {
    KindStatus status = KindTable.get(tx, job.kind());
    Optional<Integer> total = status.policy().totalConcurrency();
    long running = ClaimTable.runningOfKind(tx, job.kind());
    if (total.isPresent() && running >= total.get()) {
      because("limit", "%d of %d jobs of kind %s run".formatted(running, total.get(), job.kind()));
    }
    if (status.policy().concurrency().isPresent()) {
      limitOfEach(job, status.policy().concurrency().get());
    }
    if (status.policy().rate().isPresent()) {
      rate(job, status.policy().rate().get());
    }
  }

  private void limitOfEach(Job job, int limit) throws SQLException {
    List<OwnerTable.Owner> serving = serving(job);
    boolean room = serving.isEmpty();
    for (OwnerTable.Owner owner : serving) {
      room |= ClaimTable.runningOfKind(tx, job.kind(), owner.id()) < limit;
    }
    if (!room) {
      because(
          "limit",
          "each process runs %d jobs of kind %s, and no more than that"
              .formatted(limit, job.kind()));
    }
  }

  private void rate(Job job, Rate rate) throws SQLException {
    KindTable.Window window = KindTable.window(tx, job.kind());
    long opensAt = window.at() + rate.period().toMillis();
    if (window.starts() >= rate.starts() && core.now() < opensAt) {
      because(
          "rate",
          "%d jobs of kind %s have started in this window; the next one opens at %s"
              .formatted(window.starts(), job.kind(), Instant.ofEpochMilli(opensAt)));
    }
  }

  private void workers(Job job) throws SQLException {
    List<Set<String>> capabilities =
        Stream.concat(
                serving(job).stream().map(OwnerTable.Owner::capabilities),
                core.elsewhere().serving(tx, job).stream())
            .toList();
    if (capabilities.isEmpty()) {
      because("no_worker", "no live process has a handler for kind " + job.kind());
    } else if (capabilities.stream().noneMatch(all -> all.containsAll(job.requires()))) {
      because(
          "no_worker",
          "no live process with a handler for kind %s has %s"
              .formatted(job.kind(), String.join(", ", job.requires())));
    }
  }

  private List<OwnerTable.Owner> serving(Job job) throws SQLException {
    return OwnerTable.all(tx).stream()
        .filter(owner -> owner.serves().contains(job.kind()))
        .filter(owner -> alive(owner.id()))
        .toList();
  }

  private boolean alive(long owner) {
    try {
      return core.store().owners().alive(owner);
    } catch (IOException e) {
      throw new StoreException("cannot look whether engine " + owner + " is alive", e);
    }
  }

  private void ahead(Job job) throws SQLException {
    Lane.Key key = new Lane.Key(job.tenant(), job.kind(), String.join(",", job.requires()));
    Lane lane =
        LaneTable.find(tx, key)
            .orElseThrow(() -> new Contradiction("a job is of a lane that is not there"));
    long ahead = JobViewTable.ahead(tx, lane.id(), job, AHEAD_LIMIT);
    if (ahead > 0) {
      String many = ahead == AHEAD_LIMIT ? "at least " : "";
      because("behind", "%s%,d jobs of its kind come before it".formatted(many, ahead));
    } else if (reasons.isEmpty()) {
      because("next", "it is the next of its kind: a free slot takes it");
    }
  }

  private void running(Job job) {
    job.cancelRequestedAt().ifPresent(at -> because("cancel_requested", "asked to stop at " + at));
    because(
        "running",
        "runs since %s, held by engine %s until %s"
            .formatted(
                job.startedAt().orElseThrow(),
                job.owner().orElseThrow(),
                job.leaseUntil().orElseThrow()));
  }

  private void ended(Job job) {
    String how =
        switch (job.state()) {
          case FAILED -> job.failure().map(Whys::words).orElse("failed");
          case CANCELLED -> job.note().orElse("cancelled");
          default -> "done";
        };
    because("ended", "ended at %s: %s".formatted(job.endedAt().orElseThrow(), how));
  }

  private static String words(Failure failure) {
    return "%s (%s, %s)"
        .formatted(failure.message(), failure.code(), failure.failureClass().label());
  }

  private static String words(Duration left) {
    long seconds = Math.max(0, left.toSeconds());
    return seconds < 60
        ? seconds + " s"
        : seconds < 3600 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }
}
