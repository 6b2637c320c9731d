package dev.quern;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// What to count over time. Immutable; each method returns a changed copy.
///
/// The buckets lie on whole multiples of the step since 1970 (UTC), so the first one begins at or
/// before `from` and the last one ends at or after `to`.
///
/// @param metric what to count
/// @param byKind whether each kind is counted for itself; otherwise all together
/// @param kind the only kind to count; empty for all
/// @param from where the first bucket begins, at the latest
/// @param to where the last bucket ends, at the earliest
/// @param step how long a bucket is, in whole milliseconds, 1 s to 366 days
public record SeriesQuery(
    Metric metric, boolean byKind, Optional<String> kind, Instant from, Instant to, Duration step) {
  /// The most buckets of one answer.
  public static final int BUCKETS_LIMIT = 1_000;

  /// The most jobs that are counted for one answer; a million of them may take a second.
  public static final int JOBS_LIMIT = 5_000_000;

  /// The most kinds that are counted for themselves; those with the fewest jobs are counted
  /// together.
  public static final int KINDS_LIMIT = 50;

  private static final Duration LONGEST = Duration.ofDays(366);

  /// About as many buckets come of a range whose step is left to us.
  private static final int BUCKETS = 60;

  private static final List<Duration> STEPS =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofHours(1),
          Duration.ofHours(6),
          Duration.ofHours(12),
          Duration.ofDays(1));

  /// What can be counted over time.
  public enum Metric {
    /// Jobs by when they were enqueued.
    ENQUEUED,
    /// Jobs by when they ended well.
    DONE,
    /// Jobs by when they failed for good.
    FAILED,
    /// Jobs by when they were cancelled.
    CANCELLED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /// The name in JSON: lower case.
    public String label() {
      return label;
    }

    /// The metric with this label.
    ///
    /// @throws IllegalArgumentException if there is none; the message lists them
    public static Metric of(String label) {
      return Labels.find(Metric.class, label, Metric::label);
    }
  }

  /// A query with its bounds checked.
  ///
  /// @throws IllegalArgumentException if the range is empty, or has too many buckets
  public SeriesQuery {
    Objects.requireNonNull(metric, "metric");
    Objects.requireNonNull(kind, "kind");
    Limits.at(to);
    Limits.between("step", step, Duration.ofSeconds(1), LONGEST);
    if (from.isBefore(Instant.EPOCH) || !from.isBefore(to)) {
      throw new IllegalArgumentException(
          "from %s to %s: from must be before to, and in 1970 or later".formatted(from, to));
    }
    long buckets = buckets(from, to, step);
    if (buckets > BUCKETS_LIMIT) {
      throw new IllegalArgumentException(
          "%,d buckets of %s: at most %,d are allowed; use a longer step"
              .formatted(buckets, step, BUCKETS_LIMIT));
    }
  }

  /// All jobs together, in a range that is cut into about 60 buckets.
  public static SeriesQuery of(Metric metric, Instant from, Instant to) {
    return new SeriesQuery(metric, false, Optional.empty(), from, to, step(from, to));
  }

  private static Duration step(Instant from, Instant to) {
    Duration each = Duration.between(from, to).dividedBy(BUCKETS);
    return STEPS.stream()
        .filter(step -> step.compareTo(each) >= 0)
        .findFirst()
        .orElseGet(() -> Duration.ofDays(Math.clamp(each.toDays() + 1, 1, LONGEST.toDays())));
  }

  /// Each kind for itself.
  public SeriesQuery eachKind() {
    return new SeriesQuery(metric, true, kind, from, to, step);
  }

  /// Only one kind.
  public SeriesQuery kind(String only) {
    return new SeriesQuery(metric, byKind, Optional.of(only), from, to, step);
  }

  /// Buckets of this length.
  public SeriesQuery step(Duration length) {
    return new SeriesQuery(metric, byKind, kind, from, to, length);
  }

  /// Where the first bucket begins.
  public Instant start() {
    return Instant.ofEpochMilli(first(from, step) * step.toMillis());
  }

  /// How many buckets there are.
  public int buckets() {
    return (int) buckets(from, to, step);
  }

  private static long buckets(Instant from, Instant to, Duration step) {
    return Math.ceilDiv(to.toEpochMilli(), step.toMillis()) - first(from, step);
  }

  private static long first(Instant from, Duration step) {
    return Math.floorDiv(from.toEpochMilli(), step.toMillis());
  }
}
