package dev.quern.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ClaimRequest;
import dev.quern.NewJob;
import dev.quern.NewToken;
import dev.quern.Permission;
import dev.quern.json.Json;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventRoutesTest {
  private static final int CLIENTS = 500;

  @RegisterExtension
  final TestServer at =
      new TestServer(ServerConfig.DEFAULT.deadlines(second(5), second(5), second(1)));

  private static Duration second(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  /// An event as a client sees it.
  private record Event(String id, String name, String data) {
    String at(String member) {
      return ((JsonString) ((JsonObject) Json.parse(data)).get(member).orElseThrow()).value();
    }
  }

  /// A client of a stream, which speaks to the server itself.
  private final class Stream implements AutoCloseable {
    private final HttpURLConnection connection;
    private final BufferedReader in;

    /// @param header a name and a value, or nothing
    Stream(String query, String... header) throws IOException {
      URI uri = URI.create("http://127.0.0.1:" + at.port() + "/v1/events" + query);
      connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setReadTimeout((int) TestServer.PATIENCE.toMillis());
      if (header.length > 0) {
        connection.setRequestProperty(header[0], header[1]);
      }
      in = new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
      assertEquals("text/event-stream", connection.getContentType());
      await(line -> line.startsWith("retry: "));
    }

    /// The first line that fits.
    String await(Predicate<String> fits) throws IOException {
      long deadline = System.nanoTime() + TestServer.PATIENCE.toNanos();
      while (true) {
        String line = in.readLine();
        if (line == null || System.nanoTime() > deadline) {
          throw new IOException("the stream has ended, or says nothing of it");
        }
        if (fits.test(line)) {
          return line;
        }
      }
    }

    Event next() throws IOException {
      String id = await(line -> line.startsWith("id: ")).substring(4);
      return new Event(id, in.readLine().substring(7), in.readLine().substring(6));
    }

    /// The next event of a name.
    Event next(String name) throws IOException {
      Event event = next();
      while (!event.name().equals(name)) {
        event = next();
      }
      return event;
    }

    @Override
    public void close() {
      connection.disconnect();
    }
  }

  /// A job that is cancelled at once.
  private String cancelled(String kind) {
    String id = at.enqueue("{\"kind\": \"" + kind + "\"}");
    at.post("/v1/jobs/" + id + ":cancel", "{}").expect(200);
    return id;
  }

  /// Many transitions.
  private void many(int count) {
    String kind = "a-kind-with-a-very-long-name".repeat(5);
    at.quern.enqueueAll(IntStream.range(0, count).mapToObj(i -> NewJob.json(kind, "1")).toList());
    for (int left = count; left > 0; left -= 1_000) {
      at.quern.claim(ClaimRequest.of(kind).limit(1_000));
    }
  }

  // ---- what is told

  @Test
  void transitions_are_told_in_their_order() throws IOException {
    try (Stream stream = new Stream("?topics=jobs")) {
      String id = cancelled("a");
      at.post("/v1/jobs/" + id + ":retry", "{}").expect(200);

      Event first = stream.next();
      Event second = stream.next();
      assertEquals(List.of("job", "job"), List.of(first.name(), second.name()));
      assertEquals(List.of(id, id), List.of(first.at("id"), second.at("id")));
      assertEquals(List.of("cancelled", "ready"), List.of(first.at("state"), second.at("state")));
      assertEquals("requeue", second.at("transition"));
    }
  }

  @Test
  void a_client_hears_of_what_it_asks_for_alone() throws IOException {
    String other = cancelled("a");
    String watched = cancelled("b");
    try (Stream kind = new Stream("?topics=jobs&kind=b,c");
        Stream state = new Stream("?topics=jobs&state=cancelled");
        Stream job = new Stream("?topics=jobs&job=" + watched)) {
      at.post("/v1/jobs/" + other + ":retry", "{}").expect(200);
      at.post("/v1/jobs/" + watched + ":retry", "{}").expect(200);
      String last = cancelled("a");

      assertEquals(watched, kind.next().at("id"));
      assertEquals(last, state.next().at("id"));
      assertEquals(watched, job.next().at("id"));
    }
    at.get("/v1/events?state=odd").refused(422, "validation");
    at.get("/v1/events?topics=odd").refused(422, "validation");
  }

  @Test
  void the_numbers_of_jobs_are_told_when_they_change() throws IOException {
    try (Stream stream = new Stream("?topics=stats")) {
      assertTrue(stream.next().data().contains("\"ready\":0"));
      at.enqueue("{\"kind\": \"a\"}");
      assertTrue(stream.next().data().contains("\"ready\":1"));
    }
  }

  // ---- where a client was

  @Test
  void a_client_that_comes_again_gets_what_it_missed() throws IOException {
    Event last;
    try (Stream stream = new Stream("?topics=jobs")) {
      cancelled("a");
      last = stream.next();
    }
    List<String> missed = List.of(cancelled("a"), cancelled("a"));
    try (Stream again = new Stream("?topics=jobs", "Last-Event-ID", last.id());
        Stream too = new Stream("?topics=jobs&lastEventId=" + last.id())) {
      assertEquals(missed, List.of(again.next().at("id"), again.next().at("id")));
      assertEquals(missed, List.of(too.next().at("id"), too.next().at("id")));
    }
  }

  @Test
  void a_client_from_another_life_of_the_server_is_told_to_look_at_all_again() throws IOException {
    for (String id : List.of("00000000-1", "nonsense", "")) {
      try (Stream stream = new Stream("?topics=jobs", "Last-Event-ID", id)) {
        assertEquals("resync", stream.next().name());
        String job = cancelled("a");
        assertEquals(job, stream.next().at("id"));
      }
    }
  }

  @Test
  void a_client_that_was_away_for_too_long_is_told_so() throws IOException {
    Event last;
    try (Stream stream = new Stream("?topics=jobs")) {
      cancelled("a");
      last = stream.next();
      many(Feed.KEPT);
      cancelled("last");
      Event event = stream.next();
      while (event.name().equals("resync") || !event.at("kind").equals("last")) {
        event = stream.next();
      }
    }
    try (Stream again = new Stream("?topics=jobs", "Last-Event-ID", last.id())) {
      assertEquals("resync", again.next().name());
      assertEquals("job", again.next().name());
    }
  }

  // ---- who hears what

  @Test
  void a_tenant_hears_of_its_own_jobs_alone() throws IOException {
    at.quern.access().tenants().create("acme", policy -> policy);
    String token =
        at.quern
            .access()
            .tokens()
            .issue(NewToken.of("n", Permission.JOBS_READ).tenant("acme"))
            .text();
    try (Stream all = new Stream("?topics=jobs");
        Stream own = new Stream("", "Authorization", "Bearer " + token)) {
      String id = cancelled("a");
      long job = at.quern.tenant("acme").enqueue(NewJob.json("a", "1")).id();
      at.quern.tenant("acme").jobs().cancel(job, "as it is");
      String its = Long.toString(job);

      assertEquals(its, own.next("job").at("id"));
      assertTrue(own.next("stats").data().contains("\"cancelled\":1"));
      assertEquals(List.of(id, its), List.of(all.next().at("id"), all.next().at("id")));
    }
  }

  // ---- many clients, slow clients, the end

  @Test
  void what_is_kept_for_tenants_that_are_away_makes_room() throws IOException {
    for (int i = 0; i < EventRoutes.FEEDS_LIMIT + 5; i++) {
      String tenant = "t" + i;
      at.quern.access().tenants().create(tenant, policy -> policy);
      try (Stream stream = new Stream("?topics=jobs", "Quern-Tenant", tenant)) {
        long job = at.quern.tenant(tenant).enqueue(NewJob.json("a", "1")).id();
        at.quern.tenant(tenant).jobs().cancel(job, "as it is");
        assertEquals(Long.toString(job), stream.next().at("id"));
      }
    }
  }

  @Test
  void many_clients_are_all_told() throws IOException {
    List<Stream> streams = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        streams.add(new Stream("?topics=jobs"));
      }
      String id = cancelled("a");
      for (Stream stream : streams) {
        assertEquals(id, stream.next().at("id"));
      }
      assertTrue(at.get("/metrics").body().contains("quern_event_streams " + CLIENTS));
    } finally {
      for (Stream stream : streams) {
        stream.close();
      }
    }
  }

  @Test
  void a_client_that_takes_nothing_is_cut_off_and_holds_nobody_up() throws IOException {
    try (Stream slow = new Stream("?topics=jobs");
        Stream quick = new Stream("?topics=jobs&kind=last")) {
      assertEquals(200, slow.connection.getResponseCode());
      while (at.get("/metrics").body().contains("quern_event_streams 2")) {
        many(5_000);
      }
      String id = cancelled("last");

      assertEquals(id, quick.next("job").at("id"));
    }
  }

  @Test
  void streams_end_with_the_server() throws IOException {
    try (Stream stream = new Stream("")) {
      at.server.close();

      assertThrows(IOException.class, () -> stream.await(line -> line.equals("never")));
    }
  }
}
