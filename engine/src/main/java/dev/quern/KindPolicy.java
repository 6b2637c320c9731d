package dev.quern;

import java.time.Duration;
import java.util.Optional;

/// What holds for all jobs of a kind. It is kept in the store, so that it holds in every process.
///
/// @param rank the priority of jobs without their own; smaller runs first; default 100
/// @param maxAttempts failed attempts before a job fails; default 5
/// @param maxLosses losses (dead workers, expired leases) before a job fails; default 5. From the
///   second on a process runs one such job at a time, so that the guilty one is charged alone
/// @param chargesLosses whether a lost worker counts and backs off; else the job is ready again at
///   once, for ever; default true
/// @param backoff the wait after a failure
/// @param timeout how long a handler may take; default: no limit
/// @param concurrency how many may run in one process; default: as many as the engine runs
/// @param totalConcurrency how many may run over all processes; default: no limit
/// @param rate how many may start in a period; default: no limit
/// @param keepsEnded whether retention leaves its ended jobs alone; default false
/// @param retired whether its jobs are no longer claimed, and may be purged; default false
public record KindPolicy(
    int rank,
    int maxAttempts,
    int maxLosses,
    boolean chargesLosses,
    Backoff backoff,
    Optional<Duration> timeout,
    Optional<Integer> concurrency,
    Optional<Integer> totalConcurrency,
    Optional<Rate> rate,
    boolean keepsEnded,
    boolean retired) {

  /// The policy of a kind that has none of its own.
  public static final KindPolicy DEFAULT =
      new KindPolicy(
          100,
          5,
          5,
          true,
          Backoff.DEFAULT,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          false);

  /// A policy with its bounds checked.
  public KindPolicy {
    Limits.between("max attempts", maxAttempts, 1, 1_000_000);
    Limits.between("max losses", maxLosses, 0, 1_000_000);
    timeout.ifPresent(
        t -> Limits.between("timeout", t, Duration.ofMillis(1), Duration.ofDays(365)));
    concurrency.ifPresent(n -> Limits.between("concurrency", n, 0, 1_000_000));
    totalConcurrency.ifPresent(n -> Limits.between("total concurrency", n, 0, 1_000_000));
  }

  /// With this rank.
  public KindPolicy rank(int rank) {
    return new KindPolicy(
        rank,
        maxAttempts,
        maxLosses,
        chargesLosses,
        backoff,
        timeout,
        concurrency,
        totalConcurrency,
        rate,
        keepsEnded,
        retired);
  }

  /// With so many attempts.
  public KindPolicy maxAttempts(int maxAttempts) {
    return new KindPolicy(
        rank,
        maxAttempts,
        maxLosses,
        chargesLosses,
        backoff,
        timeout,
        concurrency,
        totalConcurrency,
        rate,
        keepsEnded,
        retired);
  }

  /// With so many losses.
  public KindPolicy maxLosses(int maxLosses) {
    return new KindPolicy(
        rank,
        maxAttempts,
        maxLosses,
        chargesLosses,
        backoff,
        timeout,
        concurrency,
        totalConcurrency,
        rate,
        keepsEnded,
        retired);
  }

  /// With losses that count, or not.
  public KindPolicy chargesLosses(boolean chargesLosses) {
    return new KindPolicy(
        rank,
        maxAttempts,
        maxLosses,
        chargesLosses,
        backoff,
        timeout,
        concurrency,
        totalConcurrency,
        rate,
        keepsEnded,
        retired);
  }

  /// With this back-off.
  public KindPolicy backoff(Backoff backoff) {
    return new KindPolicy(
        rank,
        maxAttempts,
        maxLosses,
        chargesLosses,
        backoff,
        timeout,
        concurrency,
        totalConcurrency,
        rate,
        keepsEnded,
        retired);
  }

  /// With this timeout.
  public KindPolicy timeout(Duration timeout) {
    return new KindPolicy(
        rank,
        maxAttempts,
        maxLosses,
        chargesLosses,
        backoff,
        Optional.of(timeout),
        concurrency,
        totalConcurrency,
        rate,
        keepsEnded,
        retired);
  }

  /// With at most so many running in one process; 0 stops this kind.
  public KindPolicy concurrency(int concurrency) {
    return new KindPolicy(
        rank,
        maxAttempts,
        maxLosses,
        chargesLosses,
        backoff,
        timeout,
        Optional.of(concurrency),
        totalConcurrency,
        rate,
        keepsEnded,
        retired);
  }

  /// With at most so many running over all processes; 0 stops this kind.
  public KindPolicy totalConcurrency(int totalConcurrency) {
    return new KindPolicy(
        rank,
        maxAttempts,
        maxLosses,
        chargesLosses,
        backoff,
        timeout,
        concurrency,
        Optional.of(totalConcurrency),
        rate,
        keepsEnded,
        retired);
  }

  /// With at most so many starts in a period.
  public KindPolicy rate(Rate rate) {
    return new KindPolicy(
        rank,
        maxAttempts,
        maxLosses,
        chargesLosses,
        backoff,
        timeout,
        concurrency,
        totalConcurrency,
        Optional.of(rate),
        keepsEnded,
        retired);
  }

  /// With ended jobs kept from retention, or not.
  public KindPolicy keepsEnded(boolean keepsEnded) {
    return new KindPolicy(
        rank,
        maxAttempts,
        maxLosses,
        chargesLosses,
        backoff,
        timeout,
        concurrency,
        totalConcurrency,
        rate,
        keepsEnded,
        retired);
  }

  /// Retired, or not.
  public KindPolicy retired(boolean retired) {
    return new KindPolicy(
        rank,
        maxAttempts,
        maxLosses,
        chargesLosses,
        backoff,
        timeout,
        concurrency,
        totalConcurrency,
        rate,
        keepsEnded,
        retired);
  }
}
