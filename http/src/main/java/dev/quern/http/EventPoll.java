package dev.quern.http;

import dev.quern.json.JsonWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The events since one that a client got, as one answer. If there are none it waits for the first
/// for a while. A client that names none starts with what happens from now on.
final class EventPoll {
  /// How many transitions are in one answer, at most; the others are in the next.
  static final int EVENTS_LIMIT = 1_000;

  private static final long SLICE_MILLIS = 1_000;

  /// At most so often transitions that the client does not want wake it.
  private static final long PAUSE_MILLIS = 50;

  private final Call call;
  private final Feed feed;
  private final EventRoutes.Wanted wanted;
  private final long deadline;
  private final List<Feed.Entry> events = new ArrayList<>();
  private long place;
  private boolean missed;

  EventPoll(Call call, Feed feed, EventRoutes.Wanted wanted, Duration patience) {
    this.call = call;
    this.feed = feed;
    this.wanted = wanted;
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  /// @throws InterruptedException if the time of the request is up
  Answer answer() throws InterruptedException {
    Optional<Long> known = wanted.last().flatMap(feed::place);
    place = known.orElseGet(feed::newest);
    missed = wanted.last().isPresent() && known.isEmpty();
    if (known.isPresent()) {
      gather();
    }
    return Answer.json(this::write);
  }

  private void gather() throws InterruptedException {
    String counts = counts();
    boolean seen = take(0);
    while (events.isEmpty() && !missed && counts.equals(counts()) && !over()) {
      if (seen) {
        Thread.sleep(PAUSE_MILLIS);
      }
      seen = take(Math.min(SLICE_MILLIS, left()));
    }
  }

  private String counts() {
    return wanted.stats() ? feed.counts() : "";
  }

  private long left() {
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
  }

  private boolean over() {
    return left() == 0 || feed.closed() || call.draining().getAsBoolean();
  }

  /// Takes what there is; answers whether there was anything, even what the client does not want.
  private boolean take(long waitMillis) throws InterruptedException {
    Feed.News news = feed.after(place, waitMillis);
    missed = news.missed();
    for (Feed.Entry entry : news.entries()) {
      if (events.size() == EVENTS_LIMIT) {
        return true;
      }
      if (wanted.jobs(entry.event())) {
        events.add(entry);
      }
      place = entry.number();
    }
    return !news.entries().isEmpty();
  }

  private void write(JsonWriter json) {
    json.beginObject().name("events").beginArray();
    events.forEach(entry -> write(json, entry.number(), "job", entry.data()));
    String counts = counts();
    if (!counts.isEmpty()) {
      write(json, place, "stats", counts);
    }
    json.endArray().name("lastEventId").value(feed.id(place));
    json.name("resync").value(missed).endObject();
  }

  private void write(JsonWriter json, long number, String event, String data) {
    json.beginObject().name("id").value(feed.id(number)).name("event").value(event);
    json.name("data").json(data).endObject();
  }
}
