package dev.quern.core;

import dev.quern.JobContext;
import dev.quern.LogLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a handler says of its job until it is written. Safe for use by several threads.
final class Notebook {
  private final long fence;
  private List<LogLine> lines = new ArrayList<>();
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

  /// Adds a line; those over the limit are dropped, and the last one kept says so.
  synchronized void log(Instant at, String text) {
    if (sequence < JobContext.LOG_LINES_LIMIT) {
      boolean last = sequence == JobContext.LOG_LINES_LIMIT - 1;
      String kept = last ? "… further lines are dropped: the log holds 1,000" : text;
      lines.add(new LogLine(fence, sequence++, at, kept));
    }
  }

  /// Takes what is there.
  synchronized Settlement.Notes take() {
    if (lines.isEmpty() && progress.isEmpty()) {
      return Settlement.Notes.NONE;
    }
    Settlement.Notes taken = new Settlement.Notes(progress, note, lines);
    lines = new ArrayList<>();
    progress = Optional.empty();
    note = Optional.empty();
    return taken;
  }
}
