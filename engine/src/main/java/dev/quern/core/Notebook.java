package dev.quern.core;

import dev.quern.JobContext;
import dev.quern.LogLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a handler says of its job until it is written. Safe for use by several threads.
final class Notebook {
  static final String DROPPED = "… further lines are dropped: the log holds 1,000";

  private final long fence;
  private List<LogLine> lines = List.of();
  private int sequence;
  private Optional<Double> progress = Optional.empty();
  private Optional<String> note = Optional.empty();

  Notebook(long fence) {
    this.fence = fence;
  }

  synchronized void progress(double fraction, String text) {
    progress = Optional.of(fraction);
    note = Optional.of(text);
  }

  /// Adds a line; those over the limit are dropped, and one more line says so.
  synchronized void log(Instant at, String text) {
    if (sequence < JobContext.LOG_LINES_LIMIT) {
      add(at, text);
    } else if (sequence == JobContext.LOG_LINES_LIMIT) {
      add(at, DROPPED);
    }
  }

  private void add(Instant at, String text) {
    if (lines.isEmpty()) {
      lines = new ArrayList<>();
    }
    lines.add(new LogLine(fence, sequence++, at, text));
  }

  /// Takes what is there.
  synchronized Settlement.Notes take() {
    if (lines.isEmpty() && progress.isEmpty()) {
      return Settlement.Notes.NONE;
    }
    Settlement.Notes taken = new Settlement.Notes(progress, note, lines);
    lines = List.of();
    progress = Optional.empty();
    note = Optional.empty();
    return taken;
  }
}
