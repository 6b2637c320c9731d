package dev.quern.run;

import dev.quern.NewJob;
import dev.quern.Run;
import dev.quern.RunRefusedException;
import dev.quern.RunSpec;
import dev.quern.core.Core;
import dev.quern.json.Json;
import dev.quern.run.RunLineTable.Taken;
import dev.quern.store.Tx;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The input of a run on its way into the books: what was taken in before is compared, the rest
/// becomes jobs. A batch of lines, its jobs and the number of lines taken in are one transaction.
///
/// One thread hands in; the numbers may be read by others.
final class Input {
  /// The most lines of a batch.
  private static final int BATCH_LINES = 1_000;

  /// The most bytes of a batch, give or take a line.
  private static final int BATCH_BYTES = 2 << 20;

  private final Core core;
  private final RunSpec spec;
  private final long run;
  private final long before;
  private final boolean endedBefore;
  private final long owner;
  private final Harvest harvest;
  private final LineDigest digest = new LineDigest();
  private volatile long handedIn;
  private volatile long taken;
  private volatile boolean over;
  private boolean complete;

  Input(Core core, RunTable.Row row, Harvest harvest) {
    this.core = core;
    this.spec = row.spec();
    this.run = row.id();
    this.before = row.lines();
    this.endedBefore = row.complete();
    this.owner = row.owner();
    this.harvest = harvest;
    this.taken = row.lines();
    this.complete = endedBefore;
  }

  /// How many lines are in the books.
  long taken() {
    return taken;
  }

  /// Whether no more lines will come.
  boolean over() {
    return over;
  }

  /// Whether all that was in the books has been compared: the lines, and that no more follow.
  boolean caughtUp() {
    return handedIn >= before && (over || !endedBefore);
  }

  void take(List<String> lines) {
    int known = Math.clamp(before - handedIn, 0, lines.size());
    for (int from = 0; from < known; from += BATCH_LINES) {
      compare(lines.subList(from, Math.min(known, from + BATCH_LINES)));
    }
    if (known < lines.size()) {
      add(lines.subList(known, lines.size()));
    }
  }

  // ---- lines that are in the books

  private void compare(List<String> lines) {
    List<Taken> books = books(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      if (i >= books.size() || books.get(i).digest() != digest.of(utf8(lines.get(i)))) {
        throw Refusals.changed(spec, handedIn + i + 1);
      }
    }
    handIn(books);
  }

  /// Takes the books for the input.
  void skip() {
    while (handedIn < before) {
      handIn(books(BATCH_LINES));
    }
    over = true;
  }

  private List<Taken> books(int limit) {
    return core.store().readers().read(tx -> RunLineTable.taken(tx, run, handedIn, limit));
  }

  private void handIn(List<Taken> lines) {
    lines.forEach(harvest::before);
    handedIn += lines.size();
  }

  // ---- new lines

  private void add(List<String> lines) {
    if (complete) {
      throw Refusals.more(spec, taken);
    }
    Batch batch = new Batch();
    for (String line : lines) {
      addOrEnter(batch, line);
      if (batch.full()) {
        enter(batch);
        batch = new Batch();
      }
    }
    enter(batch);
  }

  /// Lines before a refused one stay.
  private void addOrEnter(Batch batch, String line) {
    try {
      batch.add(line);
    } catch (RunRefusedException refused) {
      enter(batch);
      throw refused;
    }
  }

  /// Lines that follow each other, as jobs, with their digests.
  private final class Batch {
    private final List<NewJob> jobs = new ArrayList<>();
    private final List<Long> digests = new ArrayList<>();
    private long bytes;

    void add(String line) {
      byte[] utf8 = utf8(line);
      jobs.add(job(taken + jobs.size() + 1, line, utf8.length));
      digests.add(digest.of(utf8));
      bytes += utf8.length;
    }

    boolean full() {
      return jobs.size() == BATCH_LINES || bytes >= BATCH_BYTES;
    }
  }

  private NewJob job(long number, String line, int bytes) {
    if (bytes > Run.LINE_LIMIT) {
      throw Refusals.tooLong(number, bytes);
    }
    if (number > Run.LINES_LIMIT) {
      throw Refusals.tooMany(number);
    }
    try {
      return NewJob.json(spec.kind(), payload(line));
    } catch (IllegalArgumentException e) {
      throw Refusals.bad(number, "cannot be taken in: " + e.getMessage());
    }
  }

  private String payload(String line) {
    if (spec.json()) {
      Json.check(line);
      return line;
    }
    return Json.quote(line);
  }

  private static byte[] utf8(String line) {
    return line.getBytes(StandardCharsets.UTF_8);
  }

  private void enter(Batch batch) {
    if (!batch.jobs.isEmpty()) {
      taken = core.store().writer().write(tx -> write(tx, batch, taken));
      handedIn = taken;
    }
  }

  private long write(Tx tx, Batch batch, long from) throws SQLException {
    long to = from + batch.jobs.size();
    mine(RunTable.grow(tx, run, owner, from, to));
    RunLineTable.insert(tx, run, from + 1, batch.digests, core.enqueue(tx, batch.jobs));
    return to;
  }

  // ---- the end

  void end() {
    if (handedIn < before) {
      throw Refusals.fewer(spec, handedIn, before);
    }
    if (!complete) {
      complete = core.store().writer().write(this::complete);
    }
    over = true;
  }

  private boolean complete(Tx tx) throws SQLException {
    return mine(RunTable.complete(tx, run, owner, taken));
  }

  private boolean mine(boolean written) {
    if (!written) {
      throw Refusals.takenOver(spec);
    }
    return true;
  }
}
