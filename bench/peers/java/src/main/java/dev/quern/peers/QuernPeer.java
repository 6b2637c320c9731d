package dev.quern.peers;

import dev.quern.Counts;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/// Quern.
final class QuernPeer implements Peer {
  private static final String KIND = "noop";
  private static final int CONCURRENCY = 256;
  private static final Set<JobState> LIVE =
      EnumSet.of(JobState.WAITING, JobState.SCHEDULED, JobState.READY, JobState.RUNNING);

  private Quern quern;

  @Override
  public Facts facts() {
    return new Facts(
        "Quern",
        Quern.class.getPackage().getImplementationVersion(),
        "SQLite",
        "synchronous FULL: what was answered survives a power cut",
        "concurrency 256, bulk by enqueueAll of 10,000, else defaults (WAL, FULL)");
  }

  @Override
  public void open(Path directory) {
    QuernConfig config = QuernConfig.DEFAULT.concurrency(CONCURRENCY);
    quern = Quern.open(directory.resolve("quern.db"), config);
  }

  @Override
  public void enqueue(Payload payload) {
    quern.enqueue(NewJob.of(KIND, payload));
  }

  @Override
  public void enqueueAll(List<Payload> payloads) {
    for (int from = 0; from < payloads.size(); from += Quern.BULK_LIMIT) {
      int to = Math.min(from + Quern.BULK_LIMIT, payloads.size());
      quern.enqueueAll(
          payloads.subList(from, to).stream().map(payload -> NewJob.of(KIND, payload)).toList());
    }
  }

  @Override
  public void start(IntConsumer handler) {
    quern.handle(KIND, Payload.class, (payload, _) -> handler.accept(payload.id()));
    quern.start();
  }

  @Override
  public long unended() {
    Counts counts = quern.jobs().counts();
    return LIVE.stream().mapToLong(counts::of).sum();
  }

  @Override
  public void close() {
    quern.close();
  }
}
