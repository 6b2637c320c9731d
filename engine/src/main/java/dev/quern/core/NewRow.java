package dev.quern.core;

import dev.quern.JobState;
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

  boolean longPayload() {
    return draft.payload().length() > JobTable.INLINE_PAYLOAD;
  }
}
