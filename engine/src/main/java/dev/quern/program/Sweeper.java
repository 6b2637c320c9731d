package dev.quern.program;

import dev.quern.program.ProgramTable.Row;
import dev.quern.store.Store;
import dev.quern.store.Tx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Ends the programs that dead engines left behind, also those whose jobs nobody will attempt
/// again. Safe for use by several threads.
final class Sweeper {
  private static final Logger LOG = System.getLogger(Sweeper.class.getName());
  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int PAGE = 1_000;

  private final Store store;
  private final Families families;
  private final Reaper reaper;
  private final Threads threads;
  private final AtomicLong dueAt = new AtomicLong(System.nanoTime());

  Sweeper(Store store, Families families, Reaper reaper, Threads threads) {
    this.store = store;
    this.families = families;
    this.reaper = reaper;
    this.threads = threads;
  }

  /// Sweeps on another thread, at most once in a minute.
  void sweepIfDue() {
    long now = System.nanoTime();
    long due = dueAt.get();
    if (now - due >= 0 && dueAt.compareAndSet(due, now + PERIOD.toNanos())) {
      threads.begin(this::sweep);
    }
  }

  /// Sweeps at once, on this thread.
  void sweep() {
    try {
      List<Row> orphans = orphans();
      while (!orphans.isEmpty() && end(orphans)) {
        orphans = orphans();
      }
    } catch (RuntimeException fault) {
      LOG.log(Level.DEBUG, "what dead engines left will be looked for again", fault);
    }
  }

  private List<Row> orphans() {
    return store.readers().read(this::orphans);
  }

  private List<Row> orphans(Tx tx) throws SQLException {
    List<Row> orphans = new ArrayList<>();
    for (long owner : ProgramTable.owners(tx)) {
      if (!alive(owner)) {
        orphans.addAll(ProgramTable.ofOwner(tx, owner, PAGE - orphans.size()));
      }
    }
    return orphans;
  }

  private boolean alive(long owner) {
    try {
      return store.owners().alive(owner);
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    }
  }

  private boolean end(List<Row> orphans) {
    boolean dead = reaper.end(orphans.stream().map(row -> families.of(row, row.fence())).toList());
    if (dead) {
      store.writer().write(tx -> ProgramTable.delete(tx, orphans));
    } else {
      LOG.log(Level.WARNING, "programs of a dead engine cannot be killed; they are tried again");
    }
    return dead;
  }
}
