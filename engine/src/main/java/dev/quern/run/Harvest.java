package dev.quern.run;

import dev.quern.JobState;
import dev.quern.RunLine;
import dev.quern.RunProgress;
import dev.quern.run.RunLineTable.Place;
import dev.quern.run.RunLineTable.Taken;
import dev.quern.store.Readers;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Finds the lines of a run that have ended, each end once.
///
/// It reads them from the store in the order of their times of ending, and so misses nothing that
/// this process ended: times and commits are in the same order. An end that another process
/// recorded while its clock was behind is found by [#takeStock]. Safe for use by several threads.
final class Harvest {
  /// How many ends are looked at in one go.
  private static final int PAGE = 256;

  /// How many lines are looked at in one go when taking stock.
  private static final int STOCK_PAGE = 1_000;

  private static final List<JobState> ENDED =
      List.of(JobState.DONE, JobState.FAILED, JobState.CANCELLED);
  private static final Comparator<Place> ORDER =
      Comparator.comparingLong(Place::endedAt).thenComparingLong(Place::jobId);

  private final Readers readers;
  private final long run;
  private final String kind;
  private final Tally tally = new Tally();
  private final Deque<Long> found = new ArrayDeque<>();
  private Place seen;
  private long endedBefore;
  private long given;

  /// @param since when the run was opened, by the store's clock
  Harvest(Readers readers, long run, String kind, long since) {
    this.readers = readers;
    this.run = run;
    this.kind = kind;
    this.seen = new Place(since, 0);
  }

  /// Takes note of a line as it was when the run was opened.
  synchronized void before(Taken line) {
    tally.mark(line);
    endedBefore = tally.endings();
  }

  /// How many lines have ended, as far as was looked.
  synchronized long endings() {
    return tally.endings();
  }

  /// How the lines stand, as far as was looked.
  synchronized RunProgress progress(long lines, boolean complete, long retries) {
    long failed = tally.failures();
    long cancelled = tally.cancellations();
    long done = tally.endings() - failed - cancelled;
    return new RunProgress(lines, complete, done, failed, cancelled, endedBefore, retries);
  }

  // ---- lines in the order of ending

  /// The next lines to have ended; empty if there are none now.
  synchronized List<RunLine> next() {
    List<RunLine> lines = List.of();
    boolean more = true;
    while (lines.isEmpty() && (more || !found.isEmpty())) {
      more = found.isEmpty() && sweep();
      lines = found.isEmpty() ? List.of() : readers.read(this::fetch);
    }
    return lines;
  }

  /// Reads found lines, as many as make a page. One that was requeued meanwhile will end again.
  private List<RunLine> fetch(Tx tx) throws SQLException {
    List<RunLine> lines = new ArrayList<>();
    long chars = 0;
    while (!found.isEmpty() && chars < RunLineTable.PAGE_CHARS) {
      Optional<RunLine> line = RunLineTable.line(tx, run, found.remove());
      line.filter(found -> found.state().ended()).ifPresent(lines::add);
      chars += line.map(RunLineTable::chars).orElse(0L);
    }
    return lines;
  }

  // ---- lines in their own order

  /// The next lines in their order that are over; empty if the first of them is not.
  synchronized List<RunLine> nextInOrder() {
    while (sweep()) {
      found.clear();
    }
    found.clear();
    long open = tally.firstOpen(given);
    return given + 1 < open ? inOrder(open) : List.of();
  }

  private List<RunLine> inOrder(long open) {
    int most = (int) Math.min(PAGE, open - 1 - given);
    List<RunLine> lines = readers.read(tx -> RunLineTable.lines(tx, run, given, most));
    List<RunLine> over =
        lines.stream().takeWhile(line -> line.line() < open && line.state().ended()).toList();
    if (!over.isEmpty()) {
      given = over.getLast().line();
    } else if (lines.isEmpty() || lines.getFirst().line() >= open) {
      given = open - 1;
    }
    return over;
  }

  // ---- looking

  /// Looks at a page of ends.
  ///
  /// @return whether there may be more
  private boolean sweep() {
    Page page = readers.read(this::page);
    page.lines().stream().filter(tally::mark).map(Taken::line).forEach(found::add);
    seen = page.last();
    return page.full();
  }

  /// A page of ends.
  ///
  /// @param last where the next page begins
  private record Page(List<Taken> lines, Place last, boolean full) {}

  private Page page(Tx tx) throws SQLException {
    List<Place> places = new ArrayList<>();
    for (JobState state : ENDED) {
      places.addAll(RunLineTable.ended(tx, kind, state, seen, PAGE));
    }
    List<Place> first = places.stream().sorted(ORDER).limit(PAGE).toList();
    List<Taken> lines = new ArrayList<>(first.size());
    for (Place place : first) {
      RunLineTable.ofJob(tx, run, place.jobId()).ifPresent(lines::add);
    }
    Place last = first.isEmpty() ? seen : first.getLast();
    return first.size() == PAGE
        ? new Page(lines, last, true)
        : new Page(lines, startOf(last.endedAt()), false);
  }

  /// Other jobs may still end in the same millisecond.
  private static Place startOf(long millisecond) {
    return new Place(millisecond, 0);
  }

  /// Looks at all lines that are not known to be over.
  ///
  /// @return whether any of them is
  synchronized boolean takeStock() {
    long after = tally.firstOpen(0) - 1;
    boolean news = false;
    List<Taken> lines = stock(after);
    while (!news && !lines.isEmpty()) {
      news = markAll(lines);
      lines = stock(lines.getLast().line());
    }
    return news;
  }

  private List<Taken> stock(long after) {
    return readers.read(tx -> RunLineTable.taken(tx, run, after, STOCK_PAGE));
  }

  private boolean markAll(List<Taken> lines) {
    List<Long> over = lines.stream().filter(tally::mark).map(Taken::line).toList();
    found.addAll(over);
    return !over.isEmpty();
  }
}
