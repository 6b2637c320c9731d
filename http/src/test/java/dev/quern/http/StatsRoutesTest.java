package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.json.Json;
import dev.quern.json.JsonArray;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StatsRoutesTest {
  @RegisterExtension final TestServer at = new TestServer();

  private static long sum(String array) {
    return ((JsonArray) Json.parse(array))
        .elements().stream().mapToLong(n -> Long.parseLong(Json.write(n))).sum();
  }

  @Test
  void a_series_has_a_count_for_each_bucket_of_the_last_hour() {
    at.enqueue("{\"kind\": \"a\"}");
    at.enqueue("{\"kind\": \"b\"}");

    TestServer.Got got = at.get("/v1/stats/series?metric=enqueued").expect(200);

    assertEquals("enqueued", got.at("metric"));
    assertEquals("60", got.at("stepSeconds"));
    assertEquals("null", got.at("series/0/kind"));
    assertEquals("null", got.at("others"));
    JsonArray counts = (JsonArray) Json.parse(got.at("series/0/counts"));
    assertTrue(counts.elements().size() >= 60, got.body());
    assertEquals(2, sum(got.at("series/0/counts")));
    assertEquals(0, Instant.parse(got.at("start")).getEpochSecond() % 60);
  }

  @Test
  void kinds_can_be_counted_for_themselves_or_one_alone() {
    at.enqueue("{\"kind\": \"a\"}");
    at.enqueue("{\"kind\": \"b\"}");
    at.enqueue("{\"kind\": \"b\"}");

    TestServer.Got got = at.get("/v1/stats/series?metric=enqueued&by=kind").expect(200);
    assertEquals("b", got.at("series/0/kind"));
    assertEquals(2, sum(got.at("series/0/counts")));
    assertEquals("a", got.at("series/1/kind"));
    got = at.get("/v1/stats/series?metric=enqueued&kind=a").expect(200);
    assertEquals(1, sum(got.at("series/0/counts")));
    assertEquals(0, sum(at.get("/v1/stats/series?metric=done").at("series/0/counts")));
  }

  @Test
  void a_range_and_a_step_can_be_given() {
    String range = "&from=2026-01-01T00:00:30Z&to=2026-01-01T01:05:00%2B01:00";

    TestServer.Got got = at.get("/v1/stats/series?metric=done&step=120" + range).expect(200);

    assertEquals("2026-01-01T00:00:00.000Z", got.at("start"));
    assertEquals("120", got.at("stepSeconds"));
    assertEquals("[0,0,0]", got.at("series/0/counts"));
  }

  @Test
  void what_is_wrong_is_named() {
    refused("", "metric");
    refused("metric=odd", "metric");
    refused("metric=done&by=state", "by");
    refused("metric=done&from=yesterday", "from");
    refused("metric=done&to=1", "to");
    refused("metric=done&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from");
    refused("metric=done&step=0", "step");
    refused("metric=done&step=1", "step");
    refused("metric=done&step=x", "step");
    refused("metric=done&odd=1", "odd");
  }

  private void refused(String query, String pointer) {
    TestServer.Got got = at.get("/v1/stats/series?" + query).refused(422, "validation");
    assertEquals(pointer, got.at("errors/0/pointer"), got.body());
  }
}
