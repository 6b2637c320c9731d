package dev.quern.model;

import dev.quern.Attempt;
import dev.quern.Failure;
import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.LogLine;
import dev.quern.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A job as the model has it. Times are epoch milliseconds; null is none.
final class ModelJob {
  final int number;
  final Draft draft;
  final int priority;
  final long createdAt;
  final List<Attempt> attemptsEnded = new ArrayList<>();
  final List<LogLine> log = new ArrayList<>();

  JobState state;
  long availableAt;
  long fence;
  int attempts;
  int losses;
  int requeues;
  Long owner;
  Long leaseUntil;
  Long startedAt;
  Long endedAt;
  Long cancelRequestedAt;
  Long deferredSince;
  Double progress;
  String note;
  String result;
  Failure failure;

  ModelJob(int number, Draft draft, int rank, long now) {
    this.number = number;
    this.draft = draft;
    this.priority = draft.priority().orElse(rank);
    this.createdAt = now;
    this.availableAt = draft.availableAt(now);
    this.state = availableAt > now ? JobState.SCHEDULED : JobState.READY;
  }

  String kind() {
    return draft.kind();
  }

  /// Jobs of one lane are the same to limits and workers.
  Lane lane() {
    return new Lane(draft.kind(), draft.requires());
  }

  /// A kind and what its worker must have.
  record Lane(String kind, List<String> requires) {}

  boolean running() {
    return state == JobState.RUNNING;
  }

  boolean hasKey(Optional<String> key) {
    return key.isPresent() && key.equals(draft.dedupeKey());
  }

  boolean hasAffinity(String key) {
    return draft.affinityKey().equals(Optional.of(key));
  }

  void start(long by, long now, long until) {
    state = JobState.RUNNING;
    fence++;
    attempts++;
    owner = by;
    startedAt = now;
    leaseUntil = until;
  }

  /// Leaves `running`, and keeps the attempt.
  void stop(JobState next, Outcome outcome, String said, Failure why, long now) {
    attemptsEnded.add(
        new Attempt(
            number,
            fence,
            attempts,
            owner,
            Instant.ofEpochMilli(startedAt),
            Instant.ofEpochMilli(now),
            outcome,
            Optional.ofNullable(said),
            Optional.ofNullable(why)));
    leaseUntil = null;
    state = next;
    endedAt = next.ended() ? now : null;
  }

  void failed(Failure why) {
    failure = new Failure(why.failureClass(), why.code(), why.message());
  }

  void requeue(int attemptsLeft, long now) {
    state = JobState.READY;
    requeues++;
    attempts = attemptsLeft;
    losses = 0;
    availableAt = now;
    endedAt = null;
    cancelRequestedAt = null;
    deferredSince = null;
    progress = null;
    note = null;
    result = null;
  }

  Job view() {
    return new Job(
        number,
        draft.kind(),
        state,
        "",
        priority,
        draft.payload(),
        draft.requires(),
        draft.tags(),
        draft.dedupeKey(),
        draft.affinityKey(),
        Instant.ofEpochMilli(createdAt),
        Instant.ofEpochMilli(availableAt),
        instant(startedAt),
        instant(endedAt),
        attempts,
        draft.maxAttempts(),
        losses,
        requeues,
        fence,
        Optional.ofNullable(owner),
        instant(leaseUntil),
        instant(cancelRequestedAt),
        Optional.ofNullable(progress),
        Optional.ofNullable(note),
        Optional.ofNullable(result),
        Optional.ofNullable(failure));
  }

  private static Optional<Instant> instant(Long millis) {
    return Optional.ofNullable(millis).map(Instant::ofEpochMilli);
  }
}
