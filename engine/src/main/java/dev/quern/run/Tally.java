package dev.quern.run;

import dev.quern.JobState;
import dev.quern.run.RunLineTable.Taken;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// Which lines of a run are over, and how: three bits for each line. Not for several threads.
final class Tally {
  private final BitSet over = new BitSet();
  private final BitSet failed = new BitSet();
  private final BitSet cancelled = new BitSet();
  private final Map<Long, Integer> requeues = new HashMap<>();
  private long endings;
  private long failures;
  private long cancellations;

  /// How many lines have ended, in whatever way.
  long endings() {
    return endings;
  }

  /// How many failed for good.
  long failures() {
    return failures;
  }

  /// How many were cancelled.
  long cancellations() {
    return cancellations;
  }

  /// Takes note of a line. A line whose job was deleted is over too, though it counts as no ending.
  ///
  /// @return whether it is over, and this was not known: a line can end again after a requeue
  boolean mark(Taken line) {
    if (line.state().filter(JobState::live).isPresent() || known(line)) {
      return false;
    }
    int index = Math.toIntExact(line.line());
    endings += line.state().isPresent() && !over.get(index) ? 1 : 0;
    over.set(index);
    failures += put(failed, index, line.is(JobState.FAILED));
    cancellations += put(cancelled, index, line.is(JobState.CANCELLED));
    if (line.requeues() > 0) {
      requeues.put(line.line(), line.requeues());
    }
    return true;
  }

  private boolean known(Taken line) {
    return over.get(Math.toIntExact(line.line()))
        && requeues.getOrDefault(line.line(), 0) == line.requeues();
  }

  /// Sets a bit, and returns by how much the number of set bits has grown.
  private static int put(BitSet bits, int index, boolean value) {
    int before = bits.get(index) ? 1 : 0;
    bits.set(index, value);
    return (value ? 1 : 0) - before;
  }

  /// The first line after `line` that is not over.
  long firstOpen(long line) {
    return over.nextClearBit(Math.toIntExact(line + 1));
  }
}
