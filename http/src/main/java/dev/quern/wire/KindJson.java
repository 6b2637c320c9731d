package dev.quern.wire;

import dev.quern.KindPolicy;
import dev.quern.KindStatus;
import dev.quern.Rate;
import dev.quern.json.JsonWriter;

/// Kinds in JSON.
public final class KindJson {
  private KindJson() {}

  /// A kind as one object: its name, its pause, and its policy.
  public static void write(JsonWriter json, KindStatus kind) {
    json.beginObject();
    Members members = new Members(json).text("kind", kind.kind());
    members.time("pausedAt", kind.pausedAt()).text("pauseReason", kind.pauseReason());
    policy(members, kind.policy());
    json.endObject();
  }

  private static void policy(Members members, KindPolicy policy) {
    members
        .number("rank", policy.rank())
        .number("maxAttempts", policy.maxAttempts())
        .number("maxLosses", policy.maxLosses())
        .truth("chargesLosses", policy.chargesLosses())
        .seconds("backoffBaseSeconds", policy.backoff().base())
        .seconds("backoffCapSeconds", policy.backoff().cap())
        .truth("backoffJitter", policy.backoff().jitter())
        .seconds("timeoutSeconds", policy.timeout())
        .number("concurrency", policy.concurrency())
        .number("totalConcurrency", policy.totalConcurrency())
        .number("rateStarts", policy.rate().map(Rate::starts))
        .seconds("ratePeriodSeconds", policy.rate().map(Rate::period))
        .truth("keepsEnded", policy.keepsEnded())
        .truth("retired", policy.retired());
  }
}
