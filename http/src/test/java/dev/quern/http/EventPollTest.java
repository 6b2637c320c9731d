package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ClaimRequest;
import dev.quern.NewJob;
import dev.quern.http.TestServer.Got;
import dev.quern.json.Json;
import dev.quern.json.JsonArray;
import dev.quern.json.JsonObject;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventPollTest {
  @RegisterExtension final TestServer at = new TestServer();

  private Got poll(String query, String... header) {
    var request = at.request("/v1/events" + query).header("Accept", "application/json");
    return at.send(header.length == 0 ? request : request.headers(header));
  }

  /// Where a client begins.
  private String now() {
    return poll("?topics=jobs").expect(200).at("lastEventId");
  }

  private Got after(String id, String more) {
    return poll("?topics=jobs&after=" + id + more).expect(200);
  }

  /// Waits until so many transitions after an event have come to the server's ears.
  private void awaitTold(String id, int count) {
    String wanted = id.replaceAll("-.*", "-") + (Long.parseLong(id.replaceAll(".*-", "")) + count);
    long deadline = System.nanoTime() + TestServer.PATIENCE.toNanos();
    while (!now().equals(wanted)) {
      assertTrue(System.nanoTime() < deadline, () -> now() + " and not " + wanted);
    }
  }

  private static List<String> jobs(Got got) {
    JsonObject answer = (JsonObject) Json.parse(got.body());
    return ((JsonArray) answer.get("events").orElseThrow())
        .elements().stream()
            .map(event -> (JsonObject) ((JsonObject) event).get("data").orElseThrow())
            .map(data -> Json.write(data.get("id").orElseThrow()).replace("\"", ""))
            .toList();
  }

  /// A job that is cancelled at once.
  private String cancelled(String kind) {
    String id = at.enqueue("{\"kind\": \"" + kind + "\"}");
    at.post("/v1/jobs/" + id + ":cancel", "{}").expect(200);
    return id;
  }

  /// Many transitions.
  private void many(int count) {
    at.quern.enqueueAll(Collections.nCopies(count, NewJob.json("many", "1")));
    for (int left = count; left > 0; left -= 1_000) {
      at.quern.claim(ClaimRequest.of("many").limit(1_000));
    }
  }

  private static CompletableFuture<Got> meanwhile(Supplier<Got> call) {
    return CompletableFuture.supplyAsync(call, Executors.newVirtualThreadPerTaskExecutor());
  }

  /// Waits until somebody else is waiting for an answer.
  private void awaitPoll() {
    while (at.get("/metrics").body().contains("quern_http_exchanges 1\n")) {
      Thread.onSpinWait();
    }
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  // ---- what is told

  @Test
  void a_client_that_names_no_event_starts_now_and_at_once() {
    long began = System.nanoTime();
    String now = now();
    cancelled("b");
    awaitTold(now, 1);
    Got got = poll("?topics=jobs&wait=15").expect(200);

    assertEquals("[]", got.at("events"));
    assertEquals("false", got.at("resync"));
    assertNotEquals(now, got.at("lastEventId"));
    assertTrue(since(began).compareTo(Duration.ofSeconds(15)) < 0);
  }

  @Test
  void the_transitions_since_an_event_are_told_in_their_order() {
    String now = now();
    String id = cancelled("a");
    at.post("/v1/jobs/" + id + ":retry", "{}").expect(200);
    awaitTold(now, 2);

    Got both = after(now, "");
    assertEquals(List.of(id, id), jobs(both));
    assertEquals("job", both.at("events/0/event"));
    assertEquals("cancelled", both.at("events/0/data/state"));
    assertEquals("requeue", both.at("events/1/data/transition"));
    assertEquals(both.at("events/1/id"), both.at("lastEventId"));
    assertEquals("requeue", after(both.at("events/0/id"), "").at("events/0/data/transition"));
    assertEquals("[]", after(both.at("lastEventId"), "").at("events"));
    assertEquals(List.of(id, id), jobs(poll("?topics=jobs&lastEventId=" + now)));
    assertEquals(List.of(id, id), jobs(poll("?topics=jobs", "Last-Event-ID", now)));
  }

  @Test
  void a_client_hears_of_what_it_asks_for_alone_and_its_place_moves_on_all_the_same() {
    String now = now();
    String a = cancelled("a");
    String b = cancelled("b");
    at.post("/v1/jobs/" + a + ":retry", "{}").expect(200);
    awaitTold(now, 3);

    assertEquals(List.of(b), jobs(after(now, "&kind=b,b")));
    assertEquals(List.of(a, b), jobs(after(now, "&state=cancelled")));
    assertEquals(List.of(a, a), jobs(after(now, "&job=" + a)));
    Got none = after(now, "&kind=c");
    assertEquals("[]", none.at("events"));
    assertEquals(now(), none.at("lastEventId"));
    poll("?topics=odd").refused(422, "validation");
    poll("?state=odd").refused(422, "validation");
    poll("?after=x&lastEventId=x").refused(422, "validation");
    poll("?topics=jobs,jobs").expect(200);
  }

  @Test
  void the_numbers_of_jobs_are_told_with_each_answer() {
    String now = now();
    String id = cancelled("a");
    awaitTold(now, 1);
    Got got = poll("?after=" + now).expect(200);

    assertEquals(id, got.at("events/0/data/id"));
    assertEquals("stats", got.at("events/1/event"));
    assertTrue(Integer.parseInt(got.at("events/1/data/cancelled")) >= 0);
    assertEquals("stats", poll("?topics=stats").expect(200).at("events/0/event"));
  }

  @Test
  void an_answer_has_so_many_transitions_and_the_next_has_the_others() {
    String now = now();
    many(EventPoll.EVENTS_LIMIT + 500);
    awaitTold(now, EventPoll.EVENTS_LIMIT + 500);

    Got first = after(now, "");
    Got second = after(first.at("lastEventId"), "&wait=15");
    assertEquals(EventPoll.EVENTS_LIMIT, jobs(first).size());
    assertEquals(500, jobs(second).size());
    assertEquals("[]", after(second.at("lastEventId"), "").at("events"));
  }

  @Test
  void a_client_that_is_too_far_behind_or_from_another_life_is_told_to_look_at_all_again() {
    String now = now();
    many(Feed.KEPT);
    cancelled("a");
    awaitTold(now, Feed.KEPT + 1);

    Got behind = after(now, "&wait=15");
    assertEquals("true", behind.at("resync"));
    assertEquals(EventPoll.EVENTS_LIMIT, jobs(behind).size());
    for (String id : List.of("00000000-1", "nonsense", "")) {
      Got other = after(id, "&wait=15");
      assertEquals("true", other.at("resync"));
      assertEquals("[]", other.at("events"));
      String next = cancelled("a");
      assertEquals(List.of(next), jobs(after(other.at("lastEventId"), "&wait=15")));
    }
  }

  // ---- waits

  @Test
  void a_client_that_wants_to_waits_for_the_first_event() {
    String now = now();
    long began = System.nanoTime();
    var waiting = meanwhile(() -> after(now, "&kind=a&wait=15"));
    awaitPoll();
    cancelled("b");
    String id = cancelled("a");

    assertEquals(List.of(id), jobs(waiting.join()));
    assertTrue(since(began).compareTo(Duration.ofSeconds(15)) < 0);
  }

  @Test
  void a_wait_ends_with_the_time_it_was_asked_for() {
    String now = now();
    long began = System.nanoTime();
    var header = poll("?topics=jobs&after=" + now, "Prefer", "wait=1").expect(200);

    assertEquals("[]", header.at("events"));
    assertEquals(now, header.at("lastEventId"));
    assertTrue(since(began).compareTo(Duration.ofMillis(990)) > 0);
  }

  @Test
  void a_change_of_the_numbers_ends_a_wait_for_them() {
    String now = now();
    assertEquals("0", poll("?topics=stats").at("events/0/data/ready"));
    var waiting = meanwhile(() -> poll("?topics=stats&wait=15&after=" + now));
    awaitPoll();
    at.enqueue("{\"kind\": \"a\"}");

    assertEquals("1", waiting.join().expect(200).at("events/0/data/ready"));
  }

  @Test
  void waits_end_with_the_server() {
    String now = now();
    var waiting = meanwhile(() -> after(now, "&wait=15"));
    awaitPoll();
    long began = System.nanoTime();
    at.server.close();

    assertEquals("[]", waiting.join().at("events"));
    assertTrue(since(began).compareTo(Duration.ofSeconds(10)) < 0);
  }

  // ---- who

  @Test
  void a_tenant_hears_of_its_own_jobs_alone() {
    at.quern.access().tenants().create("acme", policy -> policy);
    String now = poll("?topics=jobs", "Quern-Tenant", "acme").expect(200).at("lastEventId");
    cancelled("a");
    long own = at.quern.tenant("acme").enqueue(NewJob.json("a", "1")).id();
    at.quern.tenant("acme").jobs().cancel(own, "as it is");

    Got got = poll("?topics=jobs&wait=15&after=" + now, "Quern-Tenant", "acme");
    assertEquals(List.of(Long.toString(own)), jobs(got.expect(200)));
  }

  @Test
  void a_client_that_takes_a_stream_gets_one() throws IOException {
    for (String types : List.of("*/*", "application/json, text/event-stream")) {
      URI uri = URI.create("http://127.0.0.1:" + at.port() + "/v1/events");
      var connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setRequestProperty("Accept", types);
      assertEquals("text/event-stream", connection.getContentType());
      connection.disconnect();
    }
  }
}
