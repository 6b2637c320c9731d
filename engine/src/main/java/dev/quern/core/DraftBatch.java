package dev.quern.core;

import dev.quern.Enqueued;
import java.util.ArrayList;
import java.util.List;

/// Jobs of a stream, enqueued whenever there are enough. Used by one thread.
final class DraftBatch {
  private static final int JOBS = 1_000;
  private static final int BYTES = 4 << 20;

  private final Core core;
  private final List<Draft> drafts = new ArrayList<>(JOBS);
  private int bytes;
  private long added;

  DraftBatch(Core core) {
    this.core = core;
  }

  void add(Draft draft) {
    if (drafts.size() == JOBS || bytes > BYTES - draft.bytes()) {
      flush();
    }
    drafts.add(draft);
    bytes += draft.bytes();
  }

  /// Enqueues what is there.
  void flush() {
    if (!drafts.isEmpty()) {
      List<Draft> batch = List.copyOf(drafts);
      drafts.clear();
      bytes = 0;
      added += core.enqueueDrafts(batch).stream().filter(Enqueued::isNew).count();
    }
  }

  /// How many rows were added.
  long added() {
    return added;
  }
}
