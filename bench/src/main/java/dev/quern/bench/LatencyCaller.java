package dev.quern.bench;

import dev.quern.NewJob;
import dev.quern.Quern;
import java.nio.file.Path;

/// The other process: enqueues jobs that tell when.
public final class LatencyCaller {
  private LatencyCaller() {}

  /// `FILE COUNT`.
  public static void main(String[] arguments) throws InterruptedException {
    try (Quern quern = Quern.openExisting(Path.of(arguments[0]), dev.quern.QuernConfig.DEFAULT)) {
      for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
        LatencyBench.pause();
        quern.enqueue(NewJob.of(Ping.KIND, Ping.now()));
      }
    }
  }
}
