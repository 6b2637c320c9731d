package dev.quern.model;

import dev.quern.Backoff;
import dev.quern.JobState;
import dev.quern.KindPolicy;
import dev.quern.QuernConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// What holds during a whole sequence: how the engine is configured, and which kinds it handles.
///
/// @param handled the kinds with a handler; empty: all claims are by hand
/// @param slots how many handlers run at once
/// @param capabilities what the handlers have
/// @param affinityRun how many jobs of one affinity key run in a row
/// @param deferLimit how long a job may be deferred
/// @param retention how long ended jobs are kept
record Scenario(
    Set<String> handled,
    int slots,
    Set<String> capabilities,
    int affinityRun,
    Duration deferLimit,
    Map<JobState, Duration> retention) {

  static final Instant START = Instant.parse("2027-01-01T00:00:00Z");

  static final Duration LEASE = Duration.ofSeconds(60);

  /// How long a lease that ran out is left alone: one heartbeat.
  static final Duration HEARTBEAT = LEASE.dividedBy(3);

  static final List<String> KINDS = List.of("mail", "auto", "report", "cron");

  /// What holds for every kind at first: nothing random.
  static final KindPolicy POLICY =
      KindPolicy.DEFAULT.backoff(new Backoff(Duration.ofMinutes(1), Duration.ofHours(1), false));

  private static final Map<JobState, Duration> SHORT =
      Map.of(JobState.DONE, Duration.ofMinutes(10), JobState.FAILED, Duration.ofDays(1));

  static Scenario of(RandomGenerator random) {
    return new Scenario(
        random.nextInt(3) > 0 ? Set.of() : Set.of("auto", "cron"),
        1 + random.nextInt(3),
        random.nextBoolean() ? Set.of("x") : Set.of("x", "y"),
        random.nextBoolean() ? 100 : 2,
        random.nextBoolean() ? Duration.ofDays(7) : Duration.ofHours(1),
        random.nextBoolean() ? QuernConfig.DEFAULT.retention() : SHORT);
  }

  Scenario withoutHandlers() {
    return new Scenario(Set.of(), slots, capabilities, affinityRun, deferLimit, retention);
  }

  QuernConfig config(InstantSource clock) {
    return QuernConfig.DEFAULT
        .clock(clock)
        .lease(LEASE)
        .concurrency(slots)
        .capabilities(capabilities)
        .affinityRun(affinityRun)
        .deferLimit(deferLimit)
        .retention(retention);
  }
}
