package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.http.TestServer.Got;
import dev.quern.support.TestStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RegistryRoutesTest {
  private static final String INFO =
      ", \"info\": {\"host\": \"here\", \"pid\": 7, \"version\": \"1.0\", \"slots\": 4}";

  @RegisterExtension final TestServer at = new TestServer();

  private Got claim(String more) {
    return at.post(
            "/v1/worker/claim",
            "{\"worker\": \"img:7\", \"kinds\": [\"a\"], \"capabilities\": [\"gpu\"]" + more + "}")
        .expect(200);
  }

  private void awaitListed() {
    TestStore.eventually(() -> at.get("/v1/workers/img%3A7").status() == 200);
  }

  @Test
  void a_worker_is_known_by_its_claims() {
    claim(INFO);
    awaitListed();

    Got worker = at.get("/v1/workers/img%3A7").expect(200);
    assertEquals("[\"a\"]", worker.at("kinds"));
    assertEquals("[\"gpu\"]", worker.at("capabilities"));
    assertEquals("here", worker.at("host"));
    assertEquals("4", worker.at("slots"));
    assertEquals("false", worker.at("lost"));
    assertEquals("img:7", at.get("/v1/workers").at("data/0/id"));
    at.get("/v1/workers/nobody").refused(404, "not-found");
  }

  @Test
  void handlers_in_the_process_of_the_server_are_listed_too() {
    at.quern.handle("a", Integer.class, (_, _) -> {});
    at.quern.start();

    Got all = at.get("/v1/workers").expect(200);
    assertEquals("true", all.at("data/0/inProcess"));
    assertTrue(all.at("data/0/id").startsWith("@"), all.body());
  }

  @Test
  void a_worker_is_told_what_to_do_whenever_it_asks() {
    claim("");
    awaitListed();
    at.enqueue("{\"kind\": \"a\"}");

    at.post("/v1/workers/img%3A7:stop", "{}").expect(200);
    Got stopped = claim("");
    assertEquals("stop", stopped.at("directive"));
    assertEquals("[]", stopped.at("jobs"));
    Got beat =
        at.post("/v1/worker/heartbeat", "{\"worker\": \"img:7\", \"leases\": []}").expect(200);
    assertEquals("stop", beat.at("directive"));
    String next = "{\"worker\": \"img:7\", \"acks\": [], \"claim\": {\"kinds\": [\"a\"]}}";
    assertEquals("[]", at.post("/v1/worker/ack", next).expect(200).at("jobs"));

    at.post("/v1/workers/img%3A7:run", "{}").expect(200);
    assertEquals("run", claim("").at("directive"));
  }

  @Test
  void a_quiet_worker_gets_nothing_until_it_may_work_again() {
    claim("");
    awaitListed();
    at.enqueue("{\"kind\": \"a\"}");
    at.post("/v1/workers/img%3A7:quiet", "{}").expect(200);
    assertEquals("quiet", claim("").at("directive"));

    Thread.startVirtualThread(() -> at.post("/v1/workers/img%3A7:run", "{}"));
    Got got =
        at.post(
            "/v1/worker/claim?wait=20",
            "{\"worker\": \"img:7\", \"kinds\": [\"a\"], \"capabilities\": [\"gpu\"]}");
    assertEquals("1", got.at("jobs/0/id"));
  }

  @Test
  void a_worker_with_a_name_of_an_engine_is_refused() {
    at.post("/v1/worker/claim", "{\"worker\": \"@1\", \"kinds\": [\"a\"]}")
        .refused(422, "validation");
  }
}
