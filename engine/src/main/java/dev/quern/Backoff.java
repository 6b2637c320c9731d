package dev.quern;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long a job waits after its n-th failure: `min(cap, base · 2^(n−1))`, give or take a tenth.
/// The defaults are 60 s and 1 h.
///
/// @param base the first wait; between 0 and the cap
/// @param cap the longest wait; at most 30 days
/// @param jitter whether a random ±10 % is added, so that jobs that failed together part
public record Backoff(Duration base, Duration cap, boolean jitter) {

  /// 60 s, doubled up to 1 h, with jitter.
  public static final Backoff DEFAULT =
      new Backoff(Duration.ofMinutes(1), Duration.ofHours(1), true);

  private static final int DOUBLINGS_LIMIT = 40;

  /// A back-off with its bounds checked.
  public Backoff {
    Limits.between("back-off cap", cap, Duration.ZERO, Duration.ofDays(30));
    Limits.between("back-off base", base, Duration.ZERO, cap);
  }

  /// The same wait after every failure, without jitter.
  public static Backoff constant(Duration wait) {
    return new Backoff(wait, wait, false);
  }

  /// A back-off with another first wait; the cap is raised to it where needed.
  public static Backoff exponential(Duration base, Duration cap) {
    return new Backoff(base, cap, true);
  }

  /// The wait after the n-th failure, n counted from 1.
  public Duration after(int failures, RandomGenerator random) {
    long doubled = doubled(base.toMillis(), Math.min(failures - 1, DOUBLINGS_LIMIT));
    long wait = Math.min(cap.toMillis(), doubled);
    return Duration.ofMillis(jitter ? jittered(wait, random) : wait);
  }

  private static long doubled(long millis, int times) {
    return times > Long.numberOfLeadingZeros(Math.max(1, millis)) - 2
        ? Long.MAX_VALUE
        : millis << times;
  }

  private static long jittered(long millis, RandomGenerator random) {
    return Math.round(millis * random.nextDouble(0.9, 1.1));
  }
}
