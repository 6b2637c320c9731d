package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobState;
import dev.quern.json.Json;
import dev.quern.json.JsonArray;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import dev.quern.support.Finding;
import dev.quern.support.Mutant;
import dev.quern.support.Trust;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `quern serve`, killed again and again while producers and workers elsewhere use it, which go on
/// when it is back. Nothing that was accepted is lost, and work that was done meanwhile counts.
class ServeKillIT {
  private static final int KILLS = Trust.size(4, 100);
  private static final int HANDS = 4;
  private static final long SEED = Trust.seed("ServeKillIT");
  private static final String MAIN = "dev.quern.cli.Main";

  @TempDir Path directory;

  private final Random random = new Random(SEED);
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicInteger> worked = new ConcurrentHashMap<>();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger lost = new AtomicInteger();
  private final List<Throwable> faults = new ArrayList<>();
  private volatile boolean producing = true;
  private volatile boolean working = true;
  private String url;

  private Path database() {
    return directory.resolve("quern.db");
  }

  private static List<String> jar() {
    return List.of("-jar", Processes.JAR.toString());
  }

  private Serving start(List<String> way, int port) throws Exception {
    Serving server = Serving.start(directory, Serving.words(way, database(), port));
    url = server.url();
    return server;
  }

  // ---- clients

  /// Sends a request until it is answered.
  private JsonObject insist(String path, String json, BooleanSupplier goesOn)
      throws InterruptedException {
    while (goesOn.getAsBoolean()) {
      try {
        return (JsonObject) Json.parse(Serving.post(url + path, json));
      } catch (IOException | IllegalArgumentException away) {
        Thread.sleep(20);
      }
    }
    return new JsonObject(Map.of("jobs", new JsonArray(List.of())));
  }

  private static String text(JsonObject object, String name) {
    return ((JsonString) object.get(name).orElseThrow()).value();
  }

  private static List<JsonObject> all(JsonObject object, String name) {
    return ((JsonArray) object.get(name).orElseThrow())
        .elements().stream().map(JsonObject.class::cast).toList();
  }

  /// Enqueues jobs, each under a key of its own: asked again it is the same job, while it lives.
  private void produce(int hand) throws InterruptedException {
    for (int i = 0; producing; i++) {
      String name = hand + "-" + i;
      JsonObject answer =
          insist(
              "/v1/jobs",
              "{\"kind\":\"a\",\"payload\":\"%s\",\"dedupeKey\":\"%s\"}".formatted(name, name),
              () -> true);
      if (answer.get("id").isPresent()) {
        accepted.add(name);
      }
    }
  }

  private void work(int hand) throws InterruptedException {
    for (int i = 0; working; i++) {
      JsonObject claimed =
          insist(
              "/v1/worker/claim?wait=1",
              "{\"worker\":\"w%d\",\"kinds\":[\"a\"],\"leaseSeconds\":3,\"requestId\":\"%d\",\"max\":5}"
                  .formatted(hand, i),
              () -> working);
      for (JsonObject job : all(claimed, "jobs")) {
        String name = text(job, "payload");
        worked.computeIfAbsent(name, _ -> new AtomicInteger()).incrementAndGet();
        JsonObject acked =
            insist(
                "/v1/worker/ack",
                "{\"worker\":\"w%d\",\"acks\":[{\"id\":\"%s\",\"lease\":\"%s\",\"outcome\":\"done\"}]}"
                    .formatted(hand, text(job, "id"), text(job, "lease")),
                () -> true);
        if (text(all(acked, "acks").getFirst(), "status").equals("lost")) {
          lost.incrementAndGet();
        } else {
          acknowledged.add(name);
        }
      }
    }
  }

  private interface Labour {
    void run(int hand) throws InterruptedException;
  }

  private List<Thread> hands(Labour labour) {
    List<Thread> threads = new ArrayList<>();
    for (int hand = 0; hand < HANDS; hand++) {
      int number = hand;
      threads.add(
          Thread.ofVirtual()
              .uncaughtExceptionHandler((_, fault) -> fault(fault))
              .start(() -> {
                try {
                  labour.run(number);
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              }));
    }
    return threads;
  }

  private synchronized void fault(Throwable fault) {
    faults.add(fault);
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }

  // ---- the test

  @Test
  void no_accepted_job_is_lost_and_no_finished_work_either() throws Exception {
    long startedAt = System.nanoTime();
    Serving server = start(jar(), 0);
    int port = server.port();
    Serving.put(url + "/v1/kinds/a", "{\"backoffBaseSeconds\":0.1,\"backoffCapSeconds\":0.1}");
    List<Thread> producers = hands(this::produce);
    List<Thread> workers = hands(this::work);
    for (int kill = 0; kill < KILLS; kill++) {
      Thread.sleep(200 + random.nextInt(600));
      server.process().kill();
      server.process().end();
      server.close();
      server = start(jar(), port);
    }
    producing = false;
    join(producers);
    Processes.await("all to be done", () -> live() == 0 || !faults.isEmpty());
    working = false;
    join(workers);

    assertEquals(List.of(), faults);
    assertTrue(accepted.size() > KILLS, accepted.size() + " were accepted");
    long missing = accepted.stream().filter(name -> !worked.containsKey(name)).count();
    long forgotten = number("select count(*) from quern_job where kind_is_a and state <> 'done'");
    assertEquals(0, missing, "accepted and never worked on");
    assertEquals(0, forgotten, "jobs that did not end well");
    assertEquals(0, lost.get(), "work that was done and did not count");
    assertEquals(Set.of(), minus(acknowledged, worked.keySet()));
    server.process().signal("TERM");
    assertEquals(143, server.process().end().exit());
    server.close();
    tell(startedAt, teeth());
  }

  private static Set<String> minus(Set<String> all, Set<String> others) {
    Set<String> rest = ConcurrentHashMap.newKeySet();
    rest.addAll(all);
    rest.removeAll(others);
    return rest;
  }

  private long number(String sql) {
    return new Place(directory)
        .number(sql.replace("kind_is_a", "lane in (select id from quern_lane where kind = 'a')"));
  }

  private long live() {
    return number("select count(*) from quern_job where kind_is_a and ended_at is null");
  }

  private void tell(long startedAt, String teeth) throws IOException {
    long again = worked.values().stream().mapToInt(AtomicInteger::get).filter(n -> n > 1).count();
    new Finding(
            "ServeKillIT",
            "kill -9 of the server while remote producers and workers go on",
            KILLS,
            "%,d jobs".formatted(accepted.size()),
            new Finding.Verdict(0, 0, 0, again),
            Long.toString(SEED),
            teeth)
        .tell(startedAt);
  }

  // ---- the lease over a kill

  /// What becomes of the work of one who holds a job while the server is killed and started again.
  private String ackOverKill(List<String> way, String kind) throws Exception {
    String body = "{\"worker\":\"w\",\"kinds\":[\"" + kind + "\"]}";
    JsonObject job;
    int port;
    try (Serving server = start(way, 0)) {
      port = server.port();
      Serving.post(url + "/v1/jobs", "{\"kind\":\"" + kind + "\"}");
      JsonObject claimed = (JsonObject) Json.parse(Serving.post(url + "/v1/worker/claim", body));
      job = all(claimed, "jobs").getFirst();
      server.process().kill();
      server.process().end();
    }
    try (Serving server = start(way, port)) {
      // Dead owners are looked for within the first second.
      Processes.await("a look around", () -> !server.process().alive() || looked());
      JsonObject acked =
          (JsonObject)
              Json.parse(
                  Serving.post(
                      url + "/v1/worker/ack",
                      "{\"worker\":\"w\",\"acks\":[{\"id\":\"%s\",\"lease\":\"%s\",\"outcome\":\"done\"}]}"
                          .formatted(text(job, "id"), text(job, "lease"))));
      return text(all(acked, "acks").getFirst(), "status");
    }
  }

  /// Whether a job of a process that died was taken back.
  private boolean looked() {
    return number("select count(*) from quern_job where state in ('scheduled', 'ready')") > 0;
  }

  @Test
  void a_worker_keeps_its_job_while_the_server_is_killed_and_started_again() throws Exception {
    decoy();

    assertEquals("ok", ackOverKill(jar(), "kept"));
    assertEquals(1, new Place(directory).count(JobState.DONE));
  }

  /// Leaves a running job whose owner is dead: when it is taken back, all such have been looked at.
  private void decoy() throws Exception {
    try (Serving _ = start(jar(), 0)) {
      Serving.post(url + "/v1/jobs", "{\"kind\":\"decoy\"}");
    }
    try (Running holder =
        Running.start(
            directory,
            Map.of(),
            Processes.quern("work", "--db", database().toString(), "--exec", "decoy=sleep 100"))) {
      Processes.await("the decoy to run", () -> new Place(directory).count(JobState.RUNNING) == 1);
      holder.kill();
      holder.end();
    }
  }

  /// The same with claims that belong to the process of the server.
  private String teeth() throws Exception {
    Path mutant =
        Mutant.make(
            directory.resolve("mutant"),
            Processes.JAR.toString(),
            "core/Core.java",
            "request.remote() ? Identity.REMOTE : identity.guest()",
            "identity.guest()");
    String path = mutant + java.io.File.pathSeparator + Processes.JAR;
    String status =
        ackOverKill(List.of("--enable-native-access=ALL-UNNAMED", "-cp", path, MAIN), "mutant");
    assertEquals("lost", status, "a lease that dies with the server");
    return "with leases that belong to the server's process, finished work was lost at the first kill";
  }
}
