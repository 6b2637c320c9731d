package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.http.TestServer.Got;
import dev.quern.support.TestStore;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerRoutesTest {
  private static final String CLAIM = "{\"worker\": \"w\", \"kinds\": [\"mail\"]%s}";

  @RegisterExtension final TestServer at = new TestServer();

  private Got claim(String more) {
    return at.post("/v1/worker/claim", CLAIM.formatted(more)).expect(200);
  }

  private CompletableFuture<Got> waiting(String more) {
    return CompletableFuture.supplyAsync(
        () -> at.post("/v1/worker/claim?wait=15", CLAIM.formatted(more)));
  }

  private void enqueue() {
    at.enqueue("{\"kind\": \"mail\", \"payload\": {\"to\": \"a\"}}");
  }

  private Got ack(Got claimed, String how) {
    return at.post(
            "/v1/worker/ack",
            "{\"worker\": \"w\", \"acks\": [{\"id\": \"%s\", \"lease\": \"%s\", %s}]}"
                .formatted(claimed.at("jobs/0/id"), claimed.at("jobs/0/lease"), how))
        .expect(200);
  }

  private Got beat(Got claimed, String more) {
    return at.post(
            "/v1/worker/heartbeat",
            "{\"worker\": \"w\", \"leases\": [{\"id\": \"%s\", \"lease\": \"%s\"%s}]}"
                .formatted(claimed.at("jobs/0/id"), claimed.at("jobs/0/lease"), more))
        .expect(200);
  }

  private Job job(Got claimed) {
    return at.quern.jobs().get(Long.parseLong(claimed.at("jobs/0/id"))).orElseThrow();
  }

  // ---- claims

  @Test
  void a_claim_gets_a_job_with_all_that_its_worker_needs() {
    enqueue();

    Got got = claim(", \"leaseSeconds\": 30");

    assertEquals("mail", got.at("jobs/0/kind"));
    assertEquals("{\"to\":\"a\"}", got.at("jobs/0/payload"));
    assertEquals("1", got.at("jobs/0/attempt"));
    assertEquals("30", got.at("jobs/0/leaseSeconds"));
    assertEquals("run", got.at("directive"));
    assertEquals(JobState.RUNNING, job(got).state());
  }

  @Test
  void a_claim_that_does_not_wait_may_get_nothing() {
    assertEquals("[]", claim("").at("jobs"));
  }

  @Test
  void a_claim_that_waits_gets_a_job_as_soon_as_there_is_one() throws Exception {
    CompletableFuture<Got> waiting = waiting("");
    enqueue();

    assertEquals("1", waiting.get(10, TimeUnit.SECONDS).expect(200).at("jobs/0/id"));
  }

  @Test
  void each_of_many_that_wait_gets_one_job() throws Exception {
    List<CompletableFuture<Got>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(waiting(""));
    }
    for (int i = 0; i < 50; i++) {
      enqueue();
    }

    Set<String> jobs = new HashSet<>();
    for (CompletableFuture<Got> each : all) {
      jobs.add(each.get(15, TimeUnit.SECONDS).at("jobs/0/id"));
    }
    assertEquals(50, jobs.size());
  }

  @Test
  void a_claim_asked_again_by_its_id_gets_the_same_jobs() {
    enqueue();
    enqueue();
    Got first = claim(", \"requestId\": \"r1\"");

    Got again = claim(", \"requestId\": \"r1\"");
    Got other = claim(", \"requestId\": \"r2\"");

    assertEquals(first.at("jobs"), again.at("jobs"));
    assertEquals("2", other.at("jobs/0/id"));
  }

  @Test
  void a_claim_asked_again_while_the_first_still_waits_gets_what_that_got() throws Exception {
    CompletableFuture<Got> first = waiting(", \"requestId\": \"r1\"");
    CompletableFuture<Got> again = waiting(", \"requestId\": \"r1\"");
    enqueue();

    assertEquals(
        first.get(15, TimeUnit.SECONDS).at("jobs"), again.get(15, TimeUnit.SECONDS).at("jobs"));
  }

  @Test
  void a_worker_that_is_gone_gets_no_job() throws Exception {
    String body = CLAIM.formatted("");
    try (Socket dead = at.connect()) {
      dead.getOutputStream()
          .write(
              ("POST /v1/worker/claim?wait=60 HTTP/1.1\r\nHost: localhost\r\n"
                      + "Content-Type: application/json\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      assertEquals('H', dead.getInputStream().read());
    }
    TestStore.eventually(() -> at.get("/metrics").body().contains("result=\"disconnected\"} 1"));

    enqueue();

    assertEquals(JobState.READY, at.quern.jobs().get(1).orElseThrow().state());
  }

  @Test
  void closing_the_server_answers_those_who_wait() throws Exception {
    CompletableFuture<Got> waiting = waiting("");
    TestStore.eventually(() -> at.get("/metrics").body().contains("quern_claims_waiting 1"));

    at.server.close();

    assertEquals("[]", waiting.get(5, TimeUnit.SECONDS).expect(200).at("jobs"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'kinds': ['a']}|/worker",
        "{'worker': 'w'}|/kinds",
        "{'worker': 'w', 'kinds': 'a'}|/kinds",
        "{'worker': 'w', 'kinds': ['a'], 'max': 0}|''",
        "{'worker': 'w', 'kinds': ['a'], 'leaseSeconds': 0.5}|''",
        "{'worker': 'w', 'kinds': ['a'], 'queues': []}|/queues",
      })
  void a_claim_that_makes_no_sense_is_refused(String json, String pointer) {
    Got refused = at.post("/v1/worker/claim", json.replace('\'', '"')).refused(422, "validation");

    assertEquals(pointer, refused.at("errors/0/pointer"));
  }

  // ---- heartbeats

  @Test
  void a_heartbeat_renews_and_keeps_what_the_worker_says() {
    enqueue();
    Got claimed = claim(", \"leaseSeconds\": 30");

    Got beat = beat(claimed, ", \"progress\": 0.5, \"note\": \"half\", \"logs\": [\"one\"]");

    assertEquals("ok", beat.at("leases/0/status"));
    assertEquals(0.5, job(claimed).progress().orElseThrow());
    assertEquals("one", at.quern.jobs().log(1).getFirst().text());
  }

  @Test
  void a_heartbeat_tells_of_a_cancel_and_of_a_lost_lease() {
    enqueue();
    Got claimed = claim("");
    at.quern.jobs().cancel(1, "enough");
    assertEquals("cancel", beat(claimed, "").at("leases/0/status"));

    assertEquals("cancelled", ack(claimed, "\"outcome\": \"cancelled\"").at("acks/0/state"));

    assertEquals("lost", beat(claimed, "").at("leases/0/status"));
  }

  // ---- acks

  /// The members of an object that is written with single quotes.
  private static String inner(String object) {
    return object.substring(1, object.length() - 1).replace('\'', '"');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'outcome': 'done', 'result': {'a': 1}}|done",
        "{'outcome': 'failed', 'failure': {'code': 'smtp_450', 'message': 'later'}}|scheduled",
        "{'outcome': 'failed', 'failure': {'class': 'unrecoverable'}}|failed",
        "{'outcome': 'failed', 'failure': {}, 'retryAfterSeconds': 7}|scheduled",
        "{'outcome': 'deferred', 'delaySeconds': 60, 'note': 'closed'}|scheduled",
        "{'outcome': 'released'}|ready",
        "{'outcome': 'cancelled'}|ready",
      })
  void each_outcome_ends_the_attempt(String how, String state) {
    enqueue();
    Got claimed = claim("");

    Got acked = ack(claimed, inner(how));

    assertEquals("ok", acked.at("acks/0/status"));
    assertEquals(state, acked.at("acks/0/state"));
    assertEquals(state, job(claimed).state().label());
  }

  @Test
  void an_end_told_of_twice_is_settled_already_and_a_wrong_token_is_lost() {
    enqueue();
    Got claimed = claim("");
    ack(claimed, "\"outcome\": \"done\"");

    assertEquals("alreadySettled", ack(claimed, "\"outcome\": \"done\"").at("acks/0/status"));
    Got wrong =
        at.post(
            "/v1/worker/ack",
            "{\"worker\": \"w\", \"acks\": [{\"id\": \"1\", \"lease\": \"lse_2-1-1000\","
                + " \"outcome\": \"done\"}, {\"id\": \"1\", \"lease\": \"x\", \"outcome\":"
                + " \"done\"}]}");
    assertEquals("lost", wrong.expect(200).at("acks/0/status"));
    assertEquals("lost", wrong.at("acks/1/status"));
  }

  @Test
  void an_ack_brings_follow_ups_and_takes_the_next_job() {
    enqueue();
    enqueue();
    Got claimed = claim("");

    Got got =
        at.post(
            "/v1/worker/ack",
            "{\"worker\": \"w\", \"acks\": [{\"id\": \"1\", \"lease\": \"%s\", \"outcome\": \"done\", \"enqueue\": [{\"kind\": \"next\"}]}], \"claim\": {\"kinds\": [\"mail\"], \"requestId\": \"r\"}}"
                .formatted(claimed.at("jobs/0/lease")));

    assertEquals("ok", got.expect(200).at("acks/0/status"));
    assertEquals("2", got.at("jobs/0/id"));
    assertEquals(1, at.quern.jobs().counts().of("next", JobState.READY));
  }

  @Test
  void an_ack_may_wait_for_the_next_job() throws Exception {
    enqueue();
    Got claimed = claim("");
    CompletableFuture<Got> waiting =
        CompletableFuture.supplyAsync(() ->
            at.post(
                "/v1/worker/ack?wait=15",
                "{\"worker\": \"w\", \"acks\": [{\"id\": \"1\", \"lease\": \"%s\", \"outcome\": \"done\"}], \"claim\": {\"kinds\": [\"mail\"]}}"
                    .formatted(claimed.at("jobs/0/lease"))));
    TestStore.eventually(() -> job(claimed).state() == JobState.DONE);

    enqueue();

    assertEquals("2", waiting.get(10, TimeUnit.SECONDS).at("jobs/0/id"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'outcome': 'great'}|/acks/0/outcome",
        "{'outcome': 'failed'}|/acks/0/failure",
        "{'outcome': 'failed', 'failure': {'class': 'odd'}}|/acks/0/failure/class",
        "{'outcome': 'deferred'}|/acks/0/delaySeconds",
        "{'outcome': 'done', 'enqueue': [{}]}|/acks/0/enqueue/0/kind",
        "{'outcome': 'done', 'failure': {}}|/acks/0/failure",
      })
  void an_ack_that_makes_no_sense_is_refused_and_nothing_ends(String how, String pointer)
      throws IOException {
    enqueue();
    Got claimed = claim("");

    Got refused =
        at.post(
                "/v1/worker/ack",
                "{\"worker\": \"w\", \"acks\": [{\"id\": \"1\", \"lease\": \"%s\", %s}]}"
                    .formatted(claimed.at("jobs/0/lease"), inner(how)))
            .refused(422, "validation");

    assertEquals(pointer, refused.at("errors/0/pointer"));
    assertTrue(job(claimed).state() == JobState.RUNNING);
  }
}
