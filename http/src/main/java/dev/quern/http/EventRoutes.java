package dev.quern.http;

import dev.quern.Counts;
import dev.quern.JobEvent;
import dev.quern.JobState;
import dev.quern.Permission;
import dev.quern.json.JsonWriter;
import dev.quern.wire.CountsJson;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Events as they happen: as server-sent events, or those since an event as JSON.
final class EventRoutes {
  /// How many streams there may be at once.
  static final int STREAMS_LIMIT = 1_000;

  /// How many feeds are kept for clients who may come again.
  static final int FEEDS_LIMIT = 100;

  private static final Set<String> TOPICS = Set.of("jobs", "stats");

  private final Map<Optional<String>, Feed> feeds = new ConcurrentHashMap<>();
  private final AtomicInteger streams = new AtomicInteger();

  /// What a client wants to hear of.
  ///
  /// @param filter which transitions
  /// @param last the last event that it got
  record Wanted(Set<String> topics, Predicate<JobEvent> filter, Optional<String> last) {
    boolean jobs(JobEvent event) {
      return topics.contains("jobs") && filter.test(event);
    }

    boolean stats() {
      return topics.contains("stats");
    }
  }

  List<Route> routes() {
    return List.of(Route.get("/v1/events", this::events).needing(Permission.JOBS_READ));
  }

  /// How many streams there are now.
  int streams() {
    return streams.get();
  }

  private Answer events(Call call) throws InterruptedException {
    Query query = call.query();
    Set<String> topics = query.names("topics", TOPICS).orElse(TOPICS);
    Wanted wanted = new Wanted(topics, filter(query), last(call));
    return polls(call) ? poll(call, wanted) : stream(call, wanted);
  }

  private static Optional<String> last(Call call) {
    return call.query()
        .text("after")
        .or(() -> call.query().text("lastEventId"))
        .or(() -> call.header("Last-Event-ID"));
  }

  /// Whether a client takes JSON and no stream.
  private static boolean polls(Call call) {
    String types = call.header("Accept").orElse("");
    return types.contains("application/json") && !types.contains("text/event-stream");
  }

  private Answer poll(Call call, Wanted wanted) throws InterruptedException {
    Duration patience = call.patience();
    call.query().end();
    call.mayTake(patience);
    Feed feed = enter(call.view());
    feed.enter();
    try {
      return new EventPoll(call, feed, wanted, patience).answer();
    } finally {
      feed.leave();
    }
  }

  private Answer stream(Call call, Wanted wanted) {
    call.query().end();
    if (streams.get() >= STREAMS_LIMIT) {
      throw Problem.of(
          Fault.BUSY, "there are %,d streams of events already".formatted(STREAMS_LIMIT));
    }
    Feed feed = enter(call.view());
    EventStream stream = new EventStream(call, feed, wanted);
    return Answer.stream("text/event-stream", out -> run(stream, feed, out))
        .with("X-Accel-Buffering", "no");
  }

  /// The feed of a view. Where there are many, those that nobody reads make room.
  private synchronized Feed enter(View view) {
    if (feeds.size() >= FEEDS_LIMIT && !feeds.containsKey(view.tenant())) {
      feeds.values().stream().filter(Feed::idle).forEach(Feed::end);
      feeds.values().removeIf(Feed::closed);
    }
    return feeds.computeIfAbsent(view.tenant(), _ -> feed(view));
  }

  private void run(EventStream stream, Feed feed, OutputStream out) throws IOException {
    streams.incrementAndGet();
    feed.enter();
    try {
      stream.write(out);
    } finally {
      feed.leave();
      streams.decrementAndGet();
    }
  }

  /// Which transitions a client wants to hear of.
  private static Predicate<JobEvent> filter(Query query) {
    Optional<Set<String>> kinds =
        query.text("kind").map(names -> Set.copyOf(List.of(names.split(","))));
    Optional<Set<JobState>> states = query.text("state").map(EventRoutes::states);
    Optional<Long> job = query.text("job").map(Call::id);
    return event ->
        kinds.map(all -> all.contains(event.kind())).orElse(true)
            && states.map(all -> all.contains(event.state())).orElse(true)
            && job.map(id -> id == event.jobId()).orElse(true);
  }

  private static Set<JobState> states(String labels) {
    return Problem.checked(
        "state",
        () -> Arrays.stream(labels.split(",")).map(JobState::of).collect(Collectors.toSet()));
  }

  private static Feed feed(View view) {
    return new Feed(view, () -> counts(view.jobs().counts()));
  }

  private static String counts(Counts counts) {
    StringBuilder text = new StringBuilder();
    CountsJson.states(new JsonWriter(text), counts::of);
    return text.toString();
  }

  /// The server is about to stop: all streams end.
  void drain() {
    feeds.values().forEach(Feed::end);
  }
}
