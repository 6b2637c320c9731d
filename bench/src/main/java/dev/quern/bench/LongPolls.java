package dev.quern.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Claims that wait for jobs: how soon they get one, and what many of them take.
record LongPolls(int port) {
  /// How long all of many claims wait: each waits for a minute, and they begin one by one.
  static final int LONGEST_SECONDS = 45;

  /// What is enough for them: a server takes as many requests at once as fit into its heap. Without
  /// it a JVM takes what the machine has rather than collect.
  static final String HEAP = "-Xmx256m";

  private static final int WARMUPS = 300;
  private static final int MANY = 2_000;
  private static final int STREAMS = 500;
  private static final String KIND = "awaited";
  private static final Pattern LEASE =
      Pattern.compile("\"jobs\":\\[\\{\"id\":\"(\\d+)\".*?\"lease\":\"([^\"]+)\"");
  private static final Pattern WAITING = Pattern.compile("(?m)^quern_claims_waiting (\\d+)$");

  // ---- how soon

  /// From just before a job is sent to the end of the answer to a claim that waits, its commit in
  /// between; and from the answer to who sent it, which comes after its commit.
  List<Measurement> latency(int samples) throws Exception {
    List<Long> sent = new ArrayList<>();
    List<Long> committed = new ArrayList<>();
    try (Pipe producer = new Pipe(port);
        Pipe worker = new Pipe(port);
        ExecutorService reader = Executors.newSingleThreadExecutor()) {
      String acks = "";
      for (int i = 0; i < WARMUPS + samples; i++) {
        worker.send(claim(acks));
        Future<Got> got = reader.submit(() -> new Got(worker.receive(), System.nanoTime()));
        LatencyBench.pause();
        long began = System.nanoTime();
        producer.ask(Pipe.post("/v1/jobs", LineFeed.job(KIND, i))).expect(201);
        long answered = System.nanoTime();
        sent.add(got.get().at() - began);
        committed.add(Math.max(0, got.get().at() - answered));
        acks = acks(got.get());
      }
    }
    return List.of(
        measurement("longPoll", sent, samples),
        measurement("longPollAfterAnswer", committed, samples));
  }

  /// The answer to a claim, and when it was there.
  private record Got(Pipe.Reply reply, long at) {}

  private static byte[] claim(String acks) {
    return Pipe.post(
        "/v1/worker/ack?wait=50",
        "{\"worker\":\"w\",\"acks\":[%s],\"claim\":{\"kinds\":[\"%s\"]}}".formatted(acks, KIND));
  }

  private static String acks(Got got) throws IOException {
    Matcher lease = LEASE.matcher(got.reply().expect(200));
    if (!lease.find()) {
      throw new IOException("a claim that waited got no job: " + got.reply());
    }
    return BatchWorker.ack(lease.group(1), lease.group(2));
  }

  private static Measurement measurement(String method, List<Long> nanos, int samples) {
    List<Long> last = nanos.subList(nanos.size() - samples, nanos.size());
    return Measurement.of("HttpBench." + method, Map.of(), List.of(Samples.of(last).latencies()));
  }

  // ---- what they take

  /// The most memory that the server takes while many claims wait, and streams of events are open,
  /// for so many seconds.
  Measurement memory(Served server, String heap, int seconds) throws Exception {
    List<Pipe> open = new ArrayList<>();
    try {
      long before = server.residentBytes();
      poll(open);
      int streams = streams(open);
      while (waiting() < MANY) {
        Thread.sleep(200);
      }
      Thread.sleep(seconds * 1_000L);
      check(waiting());
      return memory(server, before, params(heap, streams));
    } finally {
      for (Pipe each : open) {
        each.close();
      }
    }
  }

  private static Map<String, String> params(String heap, int streams) {
    Map<String, String> params = new LinkedHashMap<>();
    params.put("longPolls", Integer.toString(MANY));
    params.put("eventStreams", Integer.toString(streams));
    params.put("heap", heap);
    return params;
  }

  private static Measurement memory(Served server, long before, Map<String, String> params)
      throws IOException {
    return Measurement.of(
        "HttpBench.memory",
        params,
        new Reading("peak", "MB", server.peakBytes() / 1e6),
        new Reading("atTheEnd", "MB", server.residentBytes() / 1e6),
        new Reading("without", "MB", before / 1e6));
  }

  private void poll(List<Pipe> open) throws IOException {
    for (int i = 0; i < MANY; i++) {
      Pipe pipe = new Pipe(port);
      open.add(pipe);
      pipe.send(
          Pipe.post(
              "/v1/worker/claim?wait=60",
              "{\"worker\":\"w%d\",\"kinds\":[\"%s\"]}".formatted(i, KIND)));
    }
  }

  /// Opens streams of events, if the server has such.
  private int streams(List<Pipe> open) throws IOException {
    for (int i = 0; i < STREAMS; i++) {
      Pipe pipe = new Pipe(port);
      open.add(pipe);
      pipe.send(Pipe.get("/v1/events"));
      if (pipe.status() != 200) {
        Progress.say("this server has no /v1/events");
        return 0;
      }
    }
    return STREAMS;
  }

  private int waiting() throws IOException {
    try (Pipe look = new Pipe(port)) {
      Matcher waiting = WAITING.matcher(look.ask(Pipe.get("/metrics")).expect(200));
      return waiting.find() ? Integer.parseInt(waiting.group(1)) : 0;
    }
  }

  private static void check(int waiting) {
    if (waiting < MANY) {
      throw new IllegalStateException(waiting + " of " + MANY + " claims still wait");
    }
  }
}
