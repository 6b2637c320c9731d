package dev.quern.peers;

import java.time.Duration;

/// How much is measured. The figures are the same in `node/harness.mjs`.
///
/// @param rounds how often each throughput workload is measured
/// @param singles how many jobs are enqueued one at a time
/// @param singlesLimit how long that may take
/// @param jobs how many jobs are enqueued in bulk and drained
/// @param drainLimit how long a drain may take
/// @param warmUpLimit how long the drain before the first measurement may take
/// @param samples how many latencies are measured
/// @param pause the mean pause between two of them
/// @param patience how long the last ones may take
record Plan(
    int rounds,
    int singles,
    Duration singlesLimit,
    int jobs,
    Duration drainLimit,
    Duration warmUpLimit,
    int samples,
    Duration pause,
    Duration patience) {

  /// How often all that is measured is done before, if the time of a warm-up allows.
  static final int WARM_UPS = 8;

  static final Plan FULL = new Plan(3, 5, 60, 10, 60, 300);
  static final Plan QUICK = new Plan(1, 3, 20, 5, 50, 150);

  private Plan(int rounds, int singlesS, int drainS, int warmUpS, int samples, int pauseMs) {
    this(
        rounds,
        2_000,
        Duration.ofSeconds(singlesS),
        20_000,
        Duration.ofSeconds(drainS),
        Duration.ofSeconds(warmUpS),
        samples,
        Duration.ofMillis(pauseMs),
        Duration.ofSeconds(15));
  }
}
