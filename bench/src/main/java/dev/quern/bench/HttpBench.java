package dev.quern.bench;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `quern serve` and clients of it, in two processes that share the machine. The clients are raw
/// sockets that keep their connections and send a request when the last is answered. One server
/// stays for all rounds, as it does in use; only memory is measured of one that has just started.
final class HttpBench implements Suite {
  private static final int CONNECTIONS = 64;
  private static final String KIND = "enqueued";

  /// A server compiles much of its code only when it has been asked some ten thousand times.
  private static final int WARMUPS = 3;

  private Effort effort;

  @Override
  public List<Measurement> measure(Effort effort, Scratch scratch) throws Exception {
    if (!Files.exists(StartBench.JAR)) {
      throw new IllegalStateException(
          StartBench.JAR + " is missing: mvn -B package -DskipTests makes it");
    }
    this.effort = effort;
    List<Measurement> all = new ArrayList<>();
    try (Served quern = Served.quern(scratch.store(), List.of());
        Served bare = Served.bare()) {
      all.addAll(rates(quern, bare));
      all.addAll(new LongPolls(quern.port()).latency(effort.pick(200, 3_000)));
    }
    all.addAll(memory(scratch));
    return all;
  }

  private List<Measurement> rates(Served quern, Served bare) throws Exception {
    int lines = effort.pick(100_000, 400_000);
    int claimed = effort.pick(50_000, 200_000);
    return new Rounds(WARMUPS, effort.pick(3, 7))
        .add("HttpBench.enqueue", connections(), () -> enqueue(quern))
        .add("HttpBench.bareServer", connections(), () -> enqueue(bare))
        .add("HttpBench.stream", answers("each"), () -> stream(quern, lines, false))
        .add("HttpBench.stream", answers("refusals"), () -> stream(quern, lines, true))
        .add("HttpBench.claimAck", batch(1), () -> claimAck(quern, 1, claimed))
        .add("HttpBench.claimAck", batch(4), () -> claimAck(quern, 4, claimed))
        .run();
  }

  private static Map<String, String> connections() {
    return Map.of("connections", Integer.toString(CONNECTIONS));
  }

  private static Map<String, String> answers(String answers) {
    return Map.of("answers", answers);
  }

  private static Map<String, String> batch(int workers) {
    return Map.of("batch", Integer.toString(BatchWorker.BATCH), "workers", "" + workers);
  }

  private List<Reading> enqueue(Served server) throws Exception {
    byte[] request = Pipe.post("/v1/jobs", LineFeed.job(KIND, 1));
    try (Crowd crowd = new Crowd(server.port(), CONNECTIONS, request)) {
      return Rate.reading("jobs/s", crowd.run(effort.pick(2, 5) * 1_000_000_000L));
    }
  }

  private static List<Reading> stream(Served quern, int lines, boolean minimal) throws Exception {
    return Rate.reading("jobs/s", new LineFeed(quern.port(), KIND, lines, minimal).run());
  }

  private static List<Reading> claimAck(Served quern, int workers, int jobs) throws Exception {
    new LineFeed(quern.port(), BatchWorker.KIND, jobs, true).run();
    List<BatchWorker> all = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      all.add(new BatchWorker(quern.port(), "w" + i));
    }
    long nanos = new Callers(workers, false).run(i -> all.get(i)::work);
    long done = all.stream().mapToLong(BatchWorker::done).sum();
    if (done != jobs) {
      throw new IllegalStateException(done + " of " + jobs + " jobs are done");
    }
    return Rate.reading("jobs/s", Rate.per(jobs, nanos));
  }

  private List<Measurement> memory(Scratch scratch) throws Exception {
    List<Measurement> all = new ArrayList<>();
    for (String heap : List.of("default", LongPolls.HEAP)) {
      List<String> flags = heap.equals("default") ? List.of() : List.of(heap);
      try (Served quern = Served.quern(scratch.store(), flags)) {
        all.add(
            new LongPolls(quern.port())
                .memory(quern, heap, effort.pick(10, LongPolls.LONGEST_SECONDS)));
      }
    }
    return all;
  }
}
