package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ClaimRequest;
import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.JobState;
import dev.quern.Lease;
import dev.quern.http.TestServer.Got;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobRoutesTest {
  @RegisterExtension final TestServer at = new TestServer();

  private Lease claim(String kind) {
    return at.quern.claim(ClaimRequest.of(kind)).getFirst();
  }

  // ---- new jobs

  @Test
  void a_job_is_enqueued_and_found_where_the_answer_says() {
    Got made =
        at.post(
            "/v1/jobs",
            """
            {"kind": "mail", "payload": {"to": "é"}, "priority": 3, "tags": ["b", "a"],
             "dedupeKey": "k", "affinityKey": "f", "requires": ["gpu"], "maxAttempts": 2}
            """);

    Got job = at.get(made.expect(201).header("Location")).expect(200);
    assertEquals("true", made.at("isNew"));
    assertEquals(made.at("id"), job.at("id"));
    assertEquals("{\"to\":\"é\"}", job.at("payload"));
    assertEquals("[\"a\",\"b\"]", job.at("tags"));
    assertEquals(
        List.of("mail", "ready", "3", "k", "f", "[\"gpu\"]", "2"),
        IntStream.range(0, 7)
            .mapToObj(i ->
                job.at(
                    List.of(
                            "kind",
                            "state",
                            "priority",
                            "dedupeKey",
                            "affinityKey",
                            "requires",
                            "maxAttempts")
                        .get(i)))
            .toList());
  }

  @Test
  void a_second_job_with_a_dedupe_key_is_the_first_one() {
    String first = at.enqueue("{\"kind\": \"mail\", \"dedupeKey\": \"k\"}");

    Got second = at.post("/v1/jobs", "{\"kind\": \"mail\", \"dedupeKey\": \"k\"}").expect(200);

    assertEquals(first, second.at("id"));
    assertEquals("false", second.at("isNew"));
  }

  @Test
  void a_job_can_be_for_later() {
    String delayed = at.enqueue("{\"kind\": \"mail\", \"delaySeconds\": 3600.5}");
    String dated =
        at.enqueue("{\"kind\": \"mail\", \"availableAt\": \"2099-01-01T00:00:00+01:00\"}");

    assertEquals("scheduled", at.get("/v1/jobs/" + delayed).at("state"));
    assertEquals("2098-12-31T23:00:00.000Z", at.get("/v1/jobs/" + dated).at("availableAt"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|/kind",
        "{'kind': ''}|/kind",
        "{'kind': 3}|/kind",
        "{'kind': 'a', 'priority': 1.5}|/priority",
        "{'kind': 'a', 'priority': 9999999999}|/priority",
        "{'kind': 'a', 'delaySeconds': -1}|/delaySeconds",
        "{'kind': 'a', 'delaySeconds': 1e300}|/delaySeconds",
        "{'kind': 'a', 'delaySeconds': 1, 'availableAt': '2030-01-01T00:00:00Z'}|/delaySeconds",
        "{'kind': 'a', 'availableAt': 'tomorrow'}|/availableAt",
        "{'kind': 'a', 'tags': ['a,b']}|/tags",
        "{'kind': 'a', 'tags': ['a', 1]}|/tags/1",
        "{'kind': 'a', 'maxAttempts': 0}|/maxAttempts",
        "{'kind': 'a', 'args': {}}|/args",
        "{'kind': 'a', 'a/b~c': {}}|/a~1b~0c",
        "[]|''",
      })
  void a_job_that_makes_no_sense_is_refused_with_the_place(String json, String pointer) {
    Got refused = at.post("/v1/jobs", json.replace('\'', '"')).refused(422, "validation");

    assertEquals(pointer, refused.at("errors/0/pointer"));
    assertEquals(0, at.quern.jobs().counts().byKind().size());
  }

  @Test
  void a_body_that_is_not_json_is_refused_with_its_position() {
    Got refused = at.post("/v1/jobs", "{\"kind\": \"a\" \"b\"}").refused(400, "syntax");

    assertTrue(refused.at("detail").contains("position 13"), refused.body());
    at.post("/v1/jobs", "{\"kind\": \"a\", \"kind\": \"a\"}").refused(400, "syntax");
    at.post("/v1/jobs", "[".repeat(100_000)).refused(400, "syntax");
  }

  @Test
  void whoever_waits_gets_the_ended_job() {
    at.quern.handle("sum", int[].class, (numbers, job) -> job.result(IntStream.of(numbers).sum()));
    at.quern.start();

    Got got =
        at.send(
            at.request("/v1/jobs")
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=20")
                .POST(HttpRequest.BodyPublishers.ofString("{\"kind\":\"sum\",\"payload\":[1,2]}")));

    assertEquals("done", got.expect(201).at("state"));
    assertEquals("3", got.at("result"));
    assertEquals("3\n", at.get("/v1/jobs/" + got.at("id") + "/result").expect(200).body());
  }

  @Test
  void whoever_waits_in_vain_gets_the_place_to_look() {
    Got got = at.post("/v1/jobs?wait=1", "{\"kind\": \"mail\"}").expect(202);

    assertEquals("/v1/jobs/" + got.at("id"), got.header("Location"));
    at.get("/v1/jobs/" + got.at("id") + "/result").refused(409, "invalid-state");
  }

  // ---- many

  @Test
  void a_batch_is_enqueued_as_a_whole_or_not_at_all() {
    Got got = at.post("/v1/jobs:batch", "{\"jobs\": [{\"kind\": \"a\"}, {\"kind\": \"b\"}]}");
    assertEquals("true", got.expect(200).at("jobs/1/isNew"));

    Got refused =
        at.post("/v1/jobs:batch", "{\"jobs\": [{\"kind\": \"a\"}, {\"kind\": \"\"}]}")
            .refused(422, "validation");

    assertEquals("/jobs/1/kind", refused.at("errors/0/pointer"));
    assertEquals(2, at.quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void each_of_a_batch_stands_for_itself_if_asked() {
    Got got =
        at.post(
            "/v1/jobs:batch",
            "{\"atomic\": false, \"jobs\": [{\"kind\": \"a\"}, {\"kind\": \"\"}, {\"kind\": \"c\"}]}");

    assertEquals("422", got.expect(200).at("jobs/1/problem/status"));
    assertEquals("true", got.at("jobs/2/isNew"));
    assertEquals(List.of("a", "c"), at.kinds());
  }

  @Test
  void a_batch_has_a_limit() {
    String jobs = String.join(",", java.util.Collections.nCopies(1_001, "{\"kind\":\"a\"}"));

    at.post("/v1/jobs:batch", "{\"jobs\": [" + jobs + "]}").refused(422, "validation");
  }

  private Got stream(String lines, String... headers) {
    HttpRequest.Builder request =
        at.request("/v1/jobs:stream").header("Content-Type", "application/x-ndjson");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return at.send(request.POST(HttpRequest.BodyPublishers.ofString(lines)));
  }

  @Test
  void a_stream_answers_each_line_and_then_counts() {
    Got got = stream("{\"kind\":\"a\"}\n\n{\"kind\":\"\"}\nnonsense\n{\"kind\":\"b\"}").expect(200);

    List<String> lines = got.body().lines().toList();
    assertEquals("{\"line\":1,\"id\":\"1\",\"isNew\":true}", lines.get(0));
    assertTrue(lines.get(1).startsWith("{\"line\":2,\"problem\":{"), lines.get(1));
    assertTrue(lines.get(2).startsWith("{\"line\":3,\"problem\":{"), lines.get(2));
    assertEquals("{\"line\":4,\"id\":\"2\",\"isNew\":true}", lines.get(3));
    assertEquals("{\"done\":true,\"accepted\":2,\"rejected\":2}", lines.get(4));
  }

  @Test
  void a_long_stream_is_taken_as_a_whole() {
    String lines = "{\"kind\":\"a\",\"payload\":\"0123456789\"}\n".repeat(20_000);

    Got got = stream(lines, "Prefer", "return=minimal").expect(200);

    assertEquals("{\"done\":true,\"accepted\":20000,\"rejected\":0}\n", got.body());
    assertEquals(20_000, at.quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void a_line_that_is_too_long_ends_a_stream_and_leaves_what_came_before() {
    Got got = stream("{\"kind\":\"a\"}\n{\"kind\":\"" + "x".repeat(2 << 20) + "\"}\n");

    assertTrue(got.body().contains("{\"done\":false,\"accepted\":1,\"rejected\":0"), got.body());
    assertTrue(got.body().contains("payload-too-large"), got.body());
  }

  // ---- one job

  @Test
  void a_client_that_knows_a_job_is_told_that_it_has_not_changed() {
    String path = "/v1/jobs/" + at.enqueue("{\"kind\": \"mail\"}");
    String etag = at.get(path).header("ETag");

    assertEquals(304, at.send(at.request(path).header("If-None-Match", etag)).status());
    at.quern.jobs().cancel(1, "enough");
    Got changed = at.send(at.request(path).header("If-None-Match", etag)).expect(200);

    assertNotEquals(etag, changed.header("ETag"));
  }

  @Test
  void a_client_can_wait_for_a_change() throws Exception {
    String path = "/v1/jobs/" + at.enqueue("{\"kind\": \"mail\"}");
    String etag = at.get(path).header("ETag");
    CompletableFuture<Got> waiting =
        CompletableFuture.supplyAsync(() ->
            at.send(at.request(path).header("If-None-Match", etag).header("Prefer", "wait=15")));

    at.quern.jobs().cancel(1, "enough");

    assertEquals("cancelled", waiting.get(10, TimeUnit.SECONDS).expect(200).at("state"));
  }

  @Test
  void jobs_are_listed_page_by_page() {
    IntStream.range(0, 5).forEach(_ -> at.enqueue("{\"kind\": \"a\", \"tags\": [\"t\"]}"));
    at.enqueue("{\"kind\": \"b\"}");

    Got first = at.get("/v1/jobs?kind=a&state=ready&tag=t&limit=3").expect(200);
    String next = first.header("Link").replaceFirst("<(.*)>.*", "$1");
    Got second = at.get(next).expect(200);

    assertEquals("5", first.at("data/0/id"));
    assertEquals("true", first.at("hasMore"));
    assertEquals("2", second.at("data/0/id"));
    assertEquals("1", second.at("data/1/id"));
    assertEquals("null", second.at("nextCursor"));
  }

  @ParameterizedTest
  @CsvSource({
    "state=odd,state",
    "limit=0,limit",
    "cursor=x,cursor",
    "stat=ready,stat",
    "limit=a,limit"
  })
  void a_filter_that_makes_no_sense_is_refused(String query, String name) {
    Got refused = at.get("/v1/jobs?" + query).refused(422, "validation");

    assertEquals(name, refused.at("errors/0/pointer"));
  }

  @Test
  void attempts_log_and_reasons_of_a_job_are_shown() {
    String id = at.enqueue("{\"kind\": \"mail\"}");
    claim("mail").fail(new Failure(FailureClass.TRANSIENT, "smtp_450", "later"));

    assertEquals("smtp_450", at.get("/v1/jobs/" + id + "/attempts").at("data/0/failure/code"));
    assertEquals("[]", at.get("/v1/jobs/" + id + "/logs").at("data"));
    assertEquals("backing_off", at.get("/v1/jobs/" + id + "/why").at("reasons/0/code"));
  }

  @Test
  void a_job_that_is_not_there_is_nowhere() {
    for (String path : List.of("", "/attempts", "/logs", "/why", "/result")) {
      at.get("/v1/jobs/99" + path).refused(404, "not-found");
      at.get("/v1/jobs/x" + path).refused(404, "not-found");
    }
    for (String action : List.of(":retry", ":cancel", ":clone", ":run-now")) {
      at.call("POST", "/v1/jobs/99" + action).refused(404, "not-found");
    }
    at.call("DELETE", "/v1/jobs/99").refused(404, "not-found");
    at.call("PATCH", "/v1/jobs/99", "{\"priority\": 1}").refused(404, "not-found");
  }

  // ---- changes

  @Test
  void a_job_is_cancelled_and_retried_and_deleted() {
    String path = "/v1/jobs/" + at.enqueue("{\"kind\": \"mail\"}");

    at.call("DELETE", path).refused(409, "invalid-state");
    at.call("POST", path + ":retry").refused(409, "invalid-state");
    Got cancelled = at.post(path + ":cancel", "{\"reason\": \"enough\"}").expect(200);
    assertEquals("enough", cancelled.at("note"));
    at.call("POST", path + ":cancel").refused(409, "invalid-state");
    assertEquals("ready", at.call("POST", path + ":retry").expect(200).at("state"));
    at.call("POST", path + ":cancel").expect(200);
    at.call("DELETE", path).expect(204);
    at.get(path).refused(404, "not-found");
  }

  @Test
  void a_running_job_is_asked_to_stop() {
    String path = "/v1/jobs/" + at.enqueue("{\"kind\": \"mail\"}");
    Lease lease = claim("mail");

    at.call("POST", path + ":cancel").expect(202);

    assertTrue(lease.cancelRequested());
    at.call("PATCH", path, "{\"priority\": 1}").refused(409, "invalid-state");
    at.call("POST", path + ":run-now").refused(409, "invalid-state");
  }

  @Test
  void a_copy_of_a_job_is_a_new_one_with_what_is_asked_for() {
    String id =
        at.enqueue("{\"kind\": \"mail\", \"payload\": 1, \"tags\": [\"t\"], \"dedupeKey\": \"k\"}");

    Got copy = at.post("/v1/jobs/" + id + ":clone", "{\"priority\": 7}").expect(201);

    Got job = at.get(copy.header("Location"));
    assertEquals("1", job.at("payload"));
    assertEquals("7", job.at("priority"));
    assertEquals("[\"t\"]", job.at("tags"));
    assertEquals("null", job.at("dedupeKey"));
    assertNotEquals(id, job.at("id"));
  }

  @Test
  void a_job_is_moved_in_time_and_rank_by_whoever_knows_it_as_it_is() {
    String path = "/v1/jobs/" + at.enqueue("{\"kind\": \"mail\"}");
    String etag = at.get(path).header("ETag");
    HttpRequest.Builder change =
        at.request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", etag)
            .method(
                "PATCH",
                HttpRequest.BodyPublishers.ofString(
                    "{\"priority\": 5, \"availableAt\": \"2099-01-01T00:00:00Z\"}"));

    Got changed = at.send(change).expect(200);

    assertEquals("scheduled", changed.at("state"));
    assertEquals("5", changed.at("priority"));
    at.send(change).refused(412, "stale-version");
    Got now = at.call("POST", path + ":run-now").expect(200);
    assertEquals("ready", now.at("state"));
    assertFalse(Instant.parse(now.at("availableAt")).isAfter(Instant.now()));
  }

  // ---- requests that come again

  private Got with(String key, String path, String json) {
    return at.send(
        at.request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  @Test
  void a_request_with_a_key_is_carried_out_once() {
    String body = "{\"kind\": \"a\", \"payload\": 1}";
    Got first = with("k1", "/v1/jobs", body).expect(201);
    Got again = with("k1", "/v1/jobs", body).expect(201);

    assertEquals(first.body(), again.body());
    assertEquals("", first.header("Idempotency-Replayed"));
    assertEquals("true", again.header("Idempotency-Replayed"));
    with("k1", "/v1/jobs", body + " ").refused(422, "idempotency-key-reused");
    with("", "/v1/jobs", body).refused(422, "validation");
    assertNotEquals(first.at("id"), with("k2", "/v1/jobs", body).expect(201).at("id"));
  }

  @Test
  void so_is_an_atomic_batch_and_a_copy() {
    String batch = "{\"jobs\": [{\"kind\": \"a\"}, {\"kind\": \"b\"}]}";
    Got first = with("k1", "/v1/jobs:batch", batch).expect(200);
    assertEquals(first.body(), with("k1", "/v1/jobs:batch", batch).expect(200).body());
    with("k2", "/v1/jobs:batch", batch.replace("{\"jobs", "{\"atomic\": false, \"jobs"))
        .refused(422, "validation");

    Got copy = with("k3", "/v1/jobs/1:clone", "{}").expect(201);
    assertEquals(copy.at("id"), with("k3", "/v1/jobs/1:clone", "{}").expect(201).at("id"));
    with("k3", "/v1/jobs/2:clone", "{}").refused(422, "idempotency-key-reused");
  }

  // ---- all that failed

  @Test
  void failed_jobs_run_again_all_or_those_for_which_there_is_hope() {
    for (String kind : List.of("a", "a", "b")) {
      at.enqueue("{\"kind\": \"" + kind + "\", \"maxAttempts\": 1}");
    }
    fail("a", FailureClass.UNRECOVERABLE);
    fail("a", FailureClass.TRANSIENT);
    fail("b", FailureClass.TRANSIENT);

    Got some =
        at.post("/v1/jobs:retry", "{\"kind\": \"a\", \"recoverableOnly\": true}").expect(200);
    assertEquals("1", some.at("requeued"));
    assertEquals("1", some.at("unrecoverable"));
    Got all = at.post("/v1/jobs:retry", "{}").expect(200);
    assertEquals("2", all.at("requeued"));
    assertEquals("[]", all.at("blocked"));
    at.post("/v1/jobs:retry", "{\"kid\": \"a\"}").refused(422, "validation");
  }

  private void fail(String kind, FailureClass failureClass) {
    at.quern
        .claim(ClaimRequest.of(kind))
        .getFirst()
        .fail(new Failure(failureClass, "broken", "broken"));
  }
}
