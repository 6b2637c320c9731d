package dev.quern.model;

import dev.quern.KindPolicy;
import dev.quern.KindStatus;
import dev.quern.Rate;
import java.time.Instant;
import java.util.Optional;

/// A kind as the model has it.
final class ModelKind {
  final String name;
  KindPolicy policy = Scenario.POLICY;
  Optional<Instant> pausedAt = Optional.empty();
  Optional<String> pauseReason = Optional.empty();

  private long windowAt;
  private int windowStarts;

  ModelKind(String name) {
    this.name = name;
  }

  KindStatus pause(String reason, long now) {
    pausedAt = Optional.of(Instant.ofEpochMilli(now));
    pauseReason = Optional.of(reason);
    return view();
  }

  KindStatus resume() {
    pausedAt = Optional.empty();
    pauseReason = Optional.empty();
    return view();
  }

  KindStatus view() {
    return new KindStatus(name, policy, pausedAt, pauseReason);
  }

  /// How many more may start in the open window of the rate.
  int leftInWindow(long now) {
    return policy.rate().map(rate -> rate.starts() - starts(rate, now)).orElse(Integer.MAX_VALUE);
  }

  private int starts(Rate rate, long now) {
    return now < windowEnd(rate) ? windowStarts : 0;
  }

  long windowEnd(Rate rate) {
    return windowAt + rate.period().toMillis();
  }

  /// Takes note of starts: the first one opens a window.
  void started(int jobs, long now) {
    if (policy.rate().isPresent() && jobs > 0) {
      Rate rate = policy.rate().get();
      windowStarts = starts(rate, now) + jobs;
      windowAt = now < windowEnd(rate) ? windowAt : now;
    }
  }
}
