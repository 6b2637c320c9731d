package dev.quern;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
    return with(d -> d.concurrency = concurrency);
  }

  /// With these capabilities.
  public QuernConfig capabilities(Set<String> capabilities) {
    return with(d -> d.capabilities = capabilities);
  }

  /// With this lease.
  public QuernConfig lease(Duration lease) {
    return with(d -> d.lease = lease);
  }

  /// With this grace.
  public QuernConfig grace(Duration grace) {
    return with(d -> d.grace = grace);
  }

  /// With this patience.
  public QuernConfig stuckAfter(Duration stuckAfter) {
    return with(d -> d.stuckAfter = stuckAfter);
  }

  /// With this limit.
  public QuernConfig deferLimit(Duration deferLimit) {
    return with(d -> d.deferLimit = deferLimit);
  }

  /// With this timeout.
  public QuernConfig busyTimeout(Duration busyTimeout) {
    return with(d -> d.busyTimeout = busyTimeout);
  }

  /// With runs of this length.
  public QuernConfig affinityRun(int affinityRun) {
    return with(d -> d.affinityRun = affinityRun);
  }

  /// With this limit, in bytes.
  public QuernConfig payloadLimit(int payloadLimit) {
    return with(d -> d.payloadLimit = payloadLimit);
  }

  /// With this limit, in bytes.
  public QuernConfig artifactLimit(long artifactLimit) {
    return with(d -> d.artifactLimit = artifactLimit);
  }

  /// With these periods.
  public QuernConfig retention(Map<JobState, Duration> retention) {
    return with(d -> d.retention = retention);
  }

  /// With this clock.
  public QuernConfig clock(InstantSource clock) {
    return with(d -> d.clock = clock);
  }

  /// With this codec.
  public QuernConfig codec(PayloadCodec codec) {
    return with(d -> d.codec = codec);
  }

  /// With this classifier.
  public QuernConfig classifier(Function<Throwable, Optional<FailureClass>> classifier) {
    return with(d -> d.classifier = classifier);
  }

  /// With these targets.
  public QuernConfig webhookTargets(WebhookTargets webhookTargets) {
    return with(d -> d.webhookTargets = webhookTargets);
  }

  private QuernConfig with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.config();
  }

  /// The changeable copy behind each change.
  private static final class Draft {
    private int concurrency;
    private Set<String> capabilities;
    private Duration lease;
    private Duration grace;
    private Duration stuckAfter;
    private Duration deferLimit;
    private Duration busyTimeout;
    private int affinityRun;
    private int payloadLimit;
    private long artifactLimit;
    private Map<JobState, Duration> retention;
    private InstantSource clock;
    private PayloadCodec codec;
    private Function<Throwable, Optional<FailureClass>> classifier;
    private WebhookTargets webhookTargets;

    Draft(QuernConfig config) {
      concurrency = config.concurrency;
      capabilities = config.capabilities;
      lease = config.lease;
      grace = config.grace;
      stuckAfter = config.stuckAfter;
      deferLimit = config.deferLimit;
      busyTimeout = config.busyTimeout;
      affinityRun = config.affinityRun;
      payloadLimit = config.payloadLimit;
      artifactLimit = config.artifactLimit;
      retention = config.retention;
      clock = config.clock;
      codec = config.codec;
      classifier = config.classifier;
      webhookTargets = config.webhookTargets;
    }

    QuernConfig config() {
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
}
