package dev.quern;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// How an engine behaves. Immutable; each method with an argument returns a changed copy.
///
/// @param concurrency how many handlers run at once in this process, 1 to 100,000; default 64.
///   While handlers take less than a few milliseconds, up to 1,000 more jobs are claimed ahead
/// @param capabilities what this process has, for jobs that require it; default none
/// @param lease how long a silent worker keeps its jobs, 1 s to 1 h; renewed at a third; default 60
///   s
/// @param grace how long closing waits for handlers before it interrupts them; default 10 s
/// @param stuckAfter how long after an interrupt the end of a handler is recorded without it, and
///   how long a handler that was started may take to begin before its job is given back; default 30
///   s
/// @param deferLimit how long a job may be deferred, one deferral after the other, before it fails;
///   default 7 days
/// @param busyTimeout how long a write waits for the write lock of another connection; default 10 s
/// @param affinityRun how many jobs of one affinity key may run in a row while others of equal
///   priority wait; default 100
/// @param payloadLimit the longest payload, in UTF-8 bytes; default 1 MiB
/// @param artifactLimit the longest artifact, in bytes; default 1 GiB
/// @param retention how long ended jobs are kept, by state; default: done and cancelled 7 days,
///   failed 90 days; a state without an entry is kept for ever
/// @param clock what tells the time; default the system's
/// @param codec what turns payloads and results into JSON; default [dev.quern.json.JsonCodec]
/// @param classifier what class of failure an exception is, where it wants to say; default none
/// @param webhookTargets where webhooks may be sent; default: to public addresses
public record QuernConfig(
    int concurrency,
    Set<String> capabilities,
    Duration lease,
    Duration grace,
    Duration stuckAfter,
    Duration deferLimit,
    Duration busyTimeout,
    int affinityRun,
    int payloadLimit,
    long artifactLimit,
    Map<JobState, Duration> retention,
    InstantSource clock,
    PayloadCodec codec,
    Function<Throwable, Optional<FailureClass>> classifier,
    WebhookTargets webhookTargets) {

  /// The defaults.
  public static final QuernConfig DEFAULT =
      new QuernConfig(
          64,
          Set.of(),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofDays(7),
          Duration.ofSeconds(10),
          100,
          1 << 20,
          1L << 30,
          Map.of(
              JobState.DONE, Duration.ofDays(7),
              JobState.CANCELLED, Duration.ofDays(7),
              JobState.FAILED, Duration.ofDays(90)),
          InstantSource.system(),
          new dev.quern.json.JsonCodec(),
          thrown -> Optional.empty(),
          WebhookTargets.PUBLIC);

  /// A configuration with its bounds checked.
  public QuernConfig {
    Limits.between("concurrency", concurrency, 1, 100_000);
    Limits.between("lease", lease, Duration.ofSeconds(1), Duration.ofHours(1));
    Limits.between("grace", grace, Duration.ZERO, Duration.ofDays(1));
    Limits.between("stuckAfter", stuckAfter, Duration.ZERO, Duration.ofDays(1));
    Limits.between("deferLimit", deferLimit, Duration.ZERO, Duration.ofDays(3650));
    Limits.between("busyTimeout", busyTimeout, Duration.ZERO, Duration.ofHours(1));
    Limits.between("affinityRun", affinityRun, 1, Integer.MAX_VALUE);
    Limits.between("payloadLimit", payloadLimit, 1, 256 << 20);
    Limits.between("artifactLimit", artifactLimit, 0, 1L << 40);
    capabilities = Set.copyOf(NewJob.names("capability", capabilities));
    retention = Map.copyOf(retention);
    retention.forEach(QuernConfig::checkRetention);
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(codec, "codec");
    Objects.requireNonNull(classifier, "classifier");
    Objects.requireNonNull(webhookTargets, "webhookTargets");
  }

  private static void checkRetention(JobState state, Duration period) {
    if (!state.ended()) {
      throw new IllegalArgumentException(
          "retention of %s jobs: only ended jobs are deleted".formatted(state.label()));
    }
    Limits.between("retention", period, Duration.ZERO, Duration.ofDays(36500));
  }

  /// With so many handlers at once.
  public QuernConfig concurrency(int concurrency) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With these capabilities.
  public QuernConfig capabilities(Set<String> capabilities) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With this lease.
  public QuernConfig lease(Duration lease) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With this grace.
  public QuernConfig grace(Duration grace) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With this patience.
  public QuernConfig stuckAfter(Duration stuckAfter) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With this limit.
  public QuernConfig deferLimit(Duration deferLimit) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With this timeout.
  public QuernConfig busyTimeout(Duration busyTimeout) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With runs of this length.
  public QuernConfig affinityRun(int affinityRun) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With this limit, in bytes.
  public QuernConfig payloadLimit(int payloadLimit) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With this limit, in bytes.
  public QuernConfig artifactLimit(long artifactLimit) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With these periods.
  public QuernConfig retention(Map<JobState, Duration> retention) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With this clock.
  public QuernConfig clock(InstantSource clock) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With this codec.
  public QuernConfig codec(PayloadCodec codec) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With this classifier.
  public QuernConfig classifier(Function<Throwable, Optional<FailureClass>> classifier) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }

  /// With these targets.
  public QuernConfig webhookTargets(WebhookTargets webhookTargets) {
    return new QuernConfig(
        concurrency,
        capabilities,
        lease,
        grace,
        stuckAfter,
        deferLimit,
        busyTimeout,
        affinityRun,
        payloadLimit,
        artifactLimit,
        retention,
        clock,
        codec,
        classifier,
        webhookTargets);
  }
}
