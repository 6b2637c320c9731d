package dev.quern.core;

import dev.quern.JobState;
import dev.quern.NewJob;
import java.time.Instant;

/// A job on its way into the table.
record NewRow(
    long id,
    Draft draft,
    Lane lane,
    JobState state,
    int priority,
    long availableAt,
    long createdAt) {

  /// A draft as a row: scheduled if its time is still to come, else ready.
  static NewRow of(long id, Draft draft, Lane lane, int rank, long now) {
    long availableAt = draft.job().availableAt(Instant.ofEpochMilli(now)).toEpochMilli();
    JobState state = availableAt > now ? JobState.SCHEDULED : JobState.READY;
    int priority = draft.job().priority().orElse(rank);
    return new NewRow(id, draft, lane, state, priority, availableAt, now);
  }

  /// What many jobs have in common.
  record Alike(Lane lane, JobState state, int priority, long availableAt, long createdAt) {}

  /// Whether it has no more of its own than an id and a payload.
  boolean plain() {
    NewJob job = draft.job();
    return job.dedupeKey().isEmpty()
        && job.affinityKey().isEmpty()
        && job.maxAttempts().isEmpty()
        && !longPayload();
  }

  /// What a plain one has in common with others.
  Alike alike() {
    return new Alike(lane, state, priority, availableAt, createdAt);
  }

  /// Whether both have that in common.
  boolean isLike(NewRow other) {
    return lane == other.lane
        && state == other.state
        && priority == other.priority
        && availableAt == other.availableAt
        && createdAt == other.createdAt;
  }

  boolean longPayload() {
    return draft.payload().length() > JobTable.INLINE_PAYLOAD;
  }
}
