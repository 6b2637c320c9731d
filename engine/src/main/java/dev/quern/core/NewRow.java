package dev.quern.core;

import dev.quern.JobState;
import dev.quern.NewJob;
import java.time.Instant;
import java.util.Optional;

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

  /// What this one has in common with others; empty if it has more of its own than a payload.
  Optional<Alike> alike() {
    NewJob job = draft.job();
    boolean plain =
        job.dedupeKey().isEmpty()
            && job.affinityKey().isEmpty()
            && job.maxAttempts().isEmpty()
            && !longPayload();
    return plain
        ? Optional.of(new Alike(lane, state, priority, availableAt, createdAt))
        : Optional.empty();
  }

  boolean longPayload() {
    return draft.payload().length() > JobTable.INLINE_PAYLOAD;
  }
}
