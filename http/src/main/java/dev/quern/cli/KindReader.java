package dev.quern.cli;

import dev.quern.Backoff;
import dev.quern.KindPolicy;
import dev.quern.KindStatus;
import dev.quern.Rate;
import java.util.Optional;

/// Reads kinds as [dev.quern.wire.KindJson] writes them.
final class KindReader {
  private KindReader() {}

  static KindStatus kind(Received kind) {
    return new KindStatus(
        kind.text("kind"),
        policy(kind),
        kind.perhapsTime("pausedAt"),
        kind.perhapsText("pauseReason"));
  }

  private static KindPolicy policy(Received kind) {
    return new KindPolicy(
        kind.whole("rank"),
        kind.whole("maxAttempts"),
        kind.whole("maxLosses"),
        kind.truth("chargesLosses"),
        new Backoff(
            kind.seconds("backoffBaseSeconds"),
            kind.seconds("backoffCapSeconds"),
            kind.truth("backoffJitter")),
        kind.perhapsSeconds("timeoutSeconds"),
        kind.perhapsWhole("concurrency"),
        kind.perhapsWhole("totalConcurrency"),
        rate(kind),
        kind.truth("keepsEnded"),
        kind.truth("retired"));
  }

  private static Optional<Rate> rate(Received kind) {
    return kind.perhapsWhole("rateStarts")
        .map(starts -> new Rate(starts, kind.seconds("ratePeriodSeconds")));
  }
}
