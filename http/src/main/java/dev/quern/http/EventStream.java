package dev.quern.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One stream of server-sent events. It ends by itself after a while: clients come again and say
/// where they were. A client that takes nothing is cut off; one that takes too little is told that
/// it has missed some.
final class EventStream implements Answer.Stream {
  private static final int RETRY_MILLIS = 2_000;
  private static final Duration LIFE = Duration.ofMinutes(10);

  /// A client is not left without anything for longer, so that a dead one is noticed.
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  /// At most so often transitions are sent.
  private static final long PAUSE_MILLIS = 50;

  private final Call call;
  private final Feed feed;
  private final EventRoutes.Wanted wanted;
  private final StringBuilder text = new StringBuilder();
  private long place;
  private String counts = "";

  EventStream(Call call, Feed feed, EventRoutes.Wanted wanted) {
    this.call = call;
    this.feed = feed;
    this.wanted = wanted;
  }

  @Override
  public void write(OutputStream out) throws IOException {
    begin();
    try {
      send(out);
    } catch (InterruptedException _) {
      throw new InterruptedIOException("the client takes too long");
    }
  }

  private void begin() {
    text.append("retry: ").append(RETRY_MILLIS).append("\n\n");
    Optional<Long> known = wanted.last().flatMap(feed::place);
    place = known.orElseGet(feed::newest);
    if (wanted.last().isPresent() && known.isEmpty()) {
      resync();
    }
  }

  private void send(OutputStream out) throws IOException, InterruptedException {
    long endAt = System.nanoTime() + LIFE.toNanos();
    long sentAt = System.nanoTime();
    while (!over(endAt)) {
      boolean seen = gather(text.isEmpty() ? quietMillis(sentAt) : 0);
      if (text.isEmpty() && System.nanoTime() - sentAt >= HEARTBEAT.toNanos()) {
        text.append(": still here\n\n");
      }
      if (!text.isEmpty()) {
        flush(out);
        sentAt = System.nanoTime();
      }
      if (seen) {
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  /// How long the client may yet be left without anything.
  private long quietMillis(long sentAt) {
    long quiet = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sentAt);
    return Math.max(1, HEARTBEAT.toMillis() - quiet);
  }

  private boolean over(long endAt) {
    return System.nanoTime() > endAt || feed.closed() || call.draining().getAsBoolean();
  }

  private void flush(OutputStream out) throws IOException {
    Guard.current().within(call.config().handlerDeadline());
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
    text.setLength(0);
    // As long as it waits for events nothing is late.
    Guard.current().within(call.config().handlerDeadline().plus(HEARTBEAT));
  }

  /// Whether there was anything, even what this client does not want to hear.
  private boolean gather(long waitMillis) throws InterruptedException {
    Guard.current().within(call.config().handlerDeadline().plus(HEARTBEAT));
    Feed.News news = feed.after(place, waitMillis);
    place = news.newest();
    if (news.missed()) {
      resync();
    }
    news.entries().stream().filter(entry -> wanted.jobs(entry.event())).forEach(this::job);
    if (wanted.stats()) {
      stats();
    }
    return news.missed() || !news.entries().isEmpty();
  }

  private void job(Feed.Entry entry) {
    event("job", feed.id(entry.number()), entry.data());
  }

  private void stats() {
    String now = feed.counts();
    if (!now.equals(counts)) {
      counts = now;
      event("stats", feed.id(place), now);
    }
  }

  /// The client has missed some, and must look at all again.
  private void resync() {
    event("resync", feed.id(place), "{}");
  }

  private void event(String name, String id, String data) {
    text.append("id: ").append(id).append('\n');
    text.append("event: ").append(name).append('\n');
    text.append("data: ").append(data).append("\n\n");
  }
}
