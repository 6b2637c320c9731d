package dev.quern.http;

import dev.quern.JobEvent;
import dev.quern.StoreException;
import dev.quern.json.JsonWriter;
import dev.quern.wire.Members;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The newest transitions that a view saw, numbered. Readers each have a place of their own in it
/// and keep nobody waiting: who is too far behind has missed some. Safe for use by several threads.
final class Feed {
  private static final Logger LOG = System.getLogger(Feed.class.getName());

  /// How many transitions are kept.
  static final int KEPT = 10_000;

  private static final long COUNT_MILLIS = 1_000;

  private static final Pattern ID = Pattern.compile("([0-9a-f]{8})-(\\d{1,18})");

  /// Another life of the server has another one: its numbers are not ours.
  private final String life = UUID.randomUUID().toString().substring(0, 8);

  private final Map<Long, Entry> entries = new HashMap<>();
  private final AutoCloseable source;
  private final Supplier<String> counts;
  private long newest;
  private int readers;
  private String lastCounts = "";
  private long countedAt;
  private boolean counting;
  private boolean closed;

  /// A transition.
  record Entry(long number, JobEvent event, String data) {}

  /// What a reader has not read yet.
  ///
  /// @param missed whether some before these are not kept any more
  /// @param newest the place after these
  record News(boolean missed, List<Entry> entries, long newest) {}

  /// @param counts the numbers of jobs, as JSON
  Feed(View view, Supplier<String> counts) {
    this.counts = counts;
    this.countedAt = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(COUNT_MILLIS);
    this.source = view.listen(this::add);
  }

  private synchronized void add(JobEvent event) {
    newest++;
    entries.put(newest, new Entry(newest, event, data(event)));
    entries.remove(newest - KEPT);
    notifyAll();
  }

  private static String data(JobEvent event) {
    StringBuilder text = new StringBuilder();
    JsonWriter json = new JsonWriter(text).beginObject();
    new Members(json)
        .id("id", event.jobId())
        .text("kind", event.kind())
        .text("state", event.state().label())
        .text("transition", event.transition().label())
        .number("fence", event.fence())
        .time("at", event.at());
    json.endObject();
    return text.toString();
  }

  /// Somebody begins to read.
  synchronized void enter() {
    readers++;
    if (!counting) {
      counting = true;
      Thread.startVirtualThread(this::keepCounting);
    }
  }

  /// One looks each second whether the numbers have changed, not all of those who read.
  private void keepCounting() {
    try {
      while (countAgain()) {
        Thread.sleep(COUNT_MILLIS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean countAgain() {
    counting = readers > 0 && !closed;
    if (counting) {
      counts();
    }
    return counting;
  }

  /// Somebody reads no more.
  synchronized void leave() {
    readers--;
  }

  /// Whether nobody reads.
  synchronized boolean idle() {
    return readers == 0;
  }

  /// The place after all that there are.
  synchronized long newest() {
    return newest;
  }

  /// What is after a place; waits a while where there is nothing.
  ///
  /// @throws InterruptedException if this thread is interrupted
  synchronized News after(long place, long waitMillis) throws InterruptedException {
    if (place == newest && !closed && waitMillis > 0) {
      wait(waitMillis);
    }
    long from = Math.max(place, newest - KEPT);
    List<Entry> news = new ArrayList<>((int) (newest - from));
    for (long number = from + 1; number <= newest; number++) {
      news.add(entries.get(number));
    }
    return new News(from > place, news, newest);
  }

  /// How a place is called outside.
  String id(long place) {
    return life + "-" + place;
  }

  /// The place that is called so; empty if it is of another life, or none.
  Optional<Long> place(String id) {
    Matcher parts = ID.matcher(id);
    return parts.matches() && parts.group(1).equals(life)
        ? Optional.of(Long.parseLong(parts.group(2))).filter(place -> place <= newest())
        : Optional.empty();
  }

  /// The numbers of jobs, a second old at most. They tell also of what other processes do.
  synchronized String counts() {
    if (System.nanoTime() - countedAt >= TimeUnit.MILLISECONDS.toNanos(COUNT_MILLIS)) {
      countedAt = System.nanoTime();
      count();
    }
    return lastCounts;
  }

  /// A store that does not answer has nothing new to tell.
  private void count() {
    try {
      String before = lastCounts;
      lastCounts = counts.get();
      if (!lastCounts.equals(before)) {
        notifyAll();
      }
    } catch (StoreException fault) {
      LOG.log(Level.DEBUG, "the jobs were not counted", fault);
    }
  }

  synchronized boolean closed() {
    return closed;
  }

  /// Ends it: nobody need wait any more.
  void end() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      source.close();
    } catch (Exception fault) {
      LOG.log(Level.WARNING, "a feed of events was not closed", fault);
    }
  }
}
