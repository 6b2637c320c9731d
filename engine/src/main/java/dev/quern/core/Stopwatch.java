package dev.quern.core;

import dev.quern.Histogram;
import dev.quern.Outcome;
import dev.quern.Timings;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// How long jobs waited and ran. The thread that writes takes note in a batch, and publishes it
/// once the batch is durable; any thread may look at what is published.
final class Stopwatch {
  private final Map<String, OfKind> batch = new HashMap<>();
  private final Map<String, OfKind> published = new HashMap<>();

  /// Takes note of a claim.
  void waited(String kind, long millis) {
    of(batch, kind).waits.add(millis);
  }

  /// Takes note of the end of an attempt.
  void ran(String kind, Outcome outcome, long millis) {
    of(batch, kind).of(outcome).add(millis);
  }

  private static OfKind of(Map<String, OfKind> kinds, String kind) {
    return kinds.computeIfAbsent(kind, _ -> new OfKind());
  }

  /// The batch is durable.
  synchronized void publish() {
    batch.forEach((kind, more) -> of(published, toldApart(kind)).add(more));
    batch.clear();
  }

  private String toldApart(String kind) {
    boolean room = published.size() < Timings.KINDS_LIMIT || published.containsKey(kind);
    return room ? kind : Timings.OTHERS;
  }

  /// The batch was undone.
  void forget() {
    batch.clear();
  }

  synchronized Timings timings() {
    Map<String, Histogram> waits = new TreeMap<>();
    Map<String, Map<Outcome, Histogram>> runs = new TreeMap<>();
    published.forEach((kind, lengths) -> {
      waits.put(kind, lengths.waits.histogram());
      Map<Outcome, Histogram> byOutcome = new EnumMap<>(Outcome.class);
      lengths.runs.forEach((outcome, run) -> byOutcome.put(outcome, run.histogram()));
      runs.put(kind, byOutcome);
    });
    return new Timings(waits, runs);
  }

  private static final class OfKind {
    final Lengths waits = new Lengths();
    final Map<Outcome, Lengths> runs = new EnumMap<>(Outcome.class);

    Lengths of(Outcome outcome) {
      return runs.computeIfAbsent(outcome, _ -> new Lengths());
    }

    void add(OfKind more) {
      waits.add(more.waits);
      more.runs.forEach((outcome, run) -> of(outcome).add(run));
    }
  }

  private static final class Lengths {
    private final long[] counts = new long[Histogram.BOUNDS.size() + 1];
    private long total;

    void add(long millis) {
      // Whoever wrote the start may have seen a later time.
      long length = Math.max(millis, 0);
      counts[Histogram.place(length)]++;
      total += length;
    }

    void add(Lengths more) {
      Arrays.setAll(counts, i -> counts[i] + more.counts[i]);
      total += more.total;
    }

    Histogram histogram() {
      return new Histogram(Arrays.stream(counts).boxed().toList(), Duration.ofMillis(total));
    }
  }
}
