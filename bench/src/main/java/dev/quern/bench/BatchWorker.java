package dev.quern.bench;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A worker that claims jobs in batches, and tells of the ends of one in the request that claims
/// the next.
final class BatchWorker {
  static final int BATCH = 100;
  static final String KIND = "batched";

  private static final Pattern JOB =
      Pattern.compile("\"id\":\"(\\d+)\",\"kind\":[^}]*}[^}]*\"lease\":\"([^\"]+)\"");
  private static final String CLAIM = "\"kinds\":[\"" + KIND + "\"],\"max\":" + BATCH;

  private final int port;
  private final String name;
  private long done;

  BatchWorker(int port, String name) {
    this.port = port;
    this.name = name;
  }

  /// Works until there are no more jobs.
  Void work() throws IOException {
    try (Pipe pipe = new Pipe(port)) {
      byte[] claim = Pipe.post("/v1/worker/claim", "{\"worker\":\"%s\",%s}".formatted(name, CLAIM));
      String acks = acks(pipe.ask(claim).expect(200));
      while (!acks.isEmpty()) {
        String json =
            "{\"worker\":\"%s\",\"acks\":[%s],\"claim\":{%s}}".formatted(name, acks, CLAIM);
        acks = acks(pipe.ask(Pipe.post("/v1/worker/ack", json)).expect(200));
      }
    }
    return null;
  }

  /// Counts what the answer to the last acknowledgements says, and acknowledges the jobs in it.
  private String acks(String answer) {
    int jobs = answer.indexOf("\"jobs\":[");
    for (int ok = answer.indexOf("\"ok\""); ok >= 0; ok = answer.indexOf("\"ok\"", ok + 1)) {
      done++;
    }
    StringBuilder acks = new StringBuilder();
    Matcher job = JOB.matcher(answer);
    for (boolean found = job.find(jobs); found; found = job.find()) {
      acks.append(acks.isEmpty() ? "" : ",").append(ack(job.group(1), job.group(2)));
    }
    return acks.toString();
  }

  /// That a job is done.
  static String ack(String id, String lease) {
    return "{\"id\":\"" + id + "\",\"lease\":\"" + lease + "\",\"outcome\":\"done\"}";
  }

  /// How many jobs the server says are done.
  long done() {
    return done;
  }
}
