package dev.quern.bench;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import jdk.jfr.consumer.RecordingStream;

/// How many members the commits of the engine have on average: jobs that are completed, or callers
/// that are answered, by JDK Flight Recorder's events `dev.quern.Batch`. Runs in a JVM of its own,
/// as the recorder costs something.
public final class BatchProbe {
  private static final int SAMPLE_JOBS = 50_000;

  private BatchProbe() {}

  /// Members of a commit when so many handlers run.
  static double drain(int concurrency) throws IOException, InterruptedException {
    return probe("drain", Integer.toString(concurrency));
  }

  /// Members of a commit when jobs are enqueued so.
  static double enqueue(Enqueuing callers) throws IOException, InterruptedException {
    return probe("enqueue", callers.name());
  }

  private static double probe(String... arguments) throws IOException, InterruptedException {
    return Double.parseDouble(Fork.output(BatchProbe.class, arguments));
  }

  /// `drain CONCURRENCY` or `enqueue CALLERS`; prints the mean.
  public static void main(String[] arguments) throws Exception {
    try (Scratch scratch = Scratch.create()) {
      Contestant work =
          arguments[0].equals("drain")
              ? () -> drain(scratch, Integer.parseInt(arguments[1]))
              : () -> enqueue(scratch, Enqueuing.valueOf(arguments[1]));
      work.run();
      System.out.println(membersOf(work));
    }
  }

  private static java.util.List<Reading> drain(Scratch scratch, int concurrency) throws Exception {
    DrainBench bench = new DrainBench();
    bench.concurrency = concurrency;
    bench.ready = SAMPLE_JOBS;
    bench.drained = SAMPLE_JOBS;
    bench.open(scratch.store());
    bench.drain();
    bench.quern().close();
    return java.util.List.of();
  }

  private static java.util.List<Reading> enqueue(Scratch scratch, Enqueuing callers)
      throws Exception {
    callers.run(scratch.store(), callers.usualJobs(), false);
    return java.util.List.of();
  }

  /// The mean over the commits that have any: an engine that starts commits without.
  private static double membersOf(Contestant work) throws Exception {
    Queue<Integer> members = new ConcurrentLinkedQueue<>();
    try (RecordingStream stream = new RecordingStream()) {
      stream.enable("dev.quern.Batch");
      stream.onEvent("dev.quern.Batch", event -> members.add(event.getInt("members")));
      stream.startAsync();
      work.run();
      stream.stop();
    }
    return members.stream().filter(n -> n > 0).mapToInt(n -> n).average().orElse(1);
  }
}
