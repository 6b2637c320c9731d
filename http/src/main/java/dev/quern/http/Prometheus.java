package dev.quern.http;

import dev.quern.Counts;
import dev.quern.Histogram;
import dev.quern.JobState;
import dev.quern.Outcome;
import dev.quern.Timings;
import java.util.Map;

/// Numbers as Prometheus reads them.
final class Prometheus {
  /// Further kinds are in the sum of all alone.
  private static final int KINDS_LIMIT = 200;

  private final StringBuilder text = new StringBuilder();
  private String family = "";

  /// Begins a family of numbers that go up and down.
  Prometheus gauge(String name, String help) {
    return begin(name, help, "gauge");
  }

  /// Begins a family of numbers that only go up.
  Prometheus counter(String name, String help) {
    return begin(name, help, "counter");
  }

  private Prometheus begin(String name, String help, String type) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    return this;
  }

  /// One number of the family that was begun last.
  Prometheus sample(String series, long value) {
    text.append(series).append(' ').append(value).append('\n');
    return this;
  }

  /// How many jobs there are.
  Prometheus jobs(Counts counts) {
    gauge("quern_jobs", "Jobs by kind and state");
    int kinds = 0;
    for (String kind : counts.byKind().keySet()) {
      if (kinds++ < KINDS_LIMIT) {
        jobs(escaped(kind), counts, kind);
      }
    }
    gauge("quern_jobs_all", "Jobs of all kinds by state");
    for (JobState state : JobState.values()) {
      sample("quern_jobs_all{state=\"" + state.label() + "\"}", counts.of(state));
    }
    return this;
  }

  private void jobs(String label, Counts counts, String kind) {
    for (JobState state : JobState.values()) {
      sample(
          "quern_jobs{kind=\"%s\",state=\"%s\"}".formatted(label, state.label()),
          counts.of(kind, state));
    }
  }

  /// How long jobs waited and ran.
  Prometheus timings(Timings timings) {
    begin("quern_job_wait_seconds", "From when jobs could be claimed to their claims", "histogram");
    timings
        .waits()
        .forEach((kind, waits) ->
            histogram("quern_job_wait_seconds", "kind=\"%s\"".formatted(escaped(kind)), waits));
    begin("quern_job_run_seconds", "From claims to the ends of the attempts", "histogram");
    timings.runs().forEach(this::runs);
    return this;
  }

  private void runs(String kind, Map<Outcome, Histogram> byOutcome) {
    byOutcome.forEach((outcome, runs) ->
        histogram(
            "quern_job_run_seconds",
            "kind=\"%s\",outcome=\"%s\"".formatted(escaped(kind), outcome.label()),
            runs));
  }

  /// Each bucket holds those before it, as Prometheus wants it.
  private void histogram(String name, String labels, Histogram lengths) {
    long sofar = 0;
    for (int i = 0; i < Histogram.BOUNDS.size(); i++) {
      sofar += lengths.counts().get(i);
      String bound = Double.toString(Histogram.BOUNDS.get(i).toMillis() / 1_000.0);
      sample("%s_bucket{%s,le=\"%s\"}".formatted(name, labels, bound), sofar);
    }
    sample("%s_bucket{%s,le=\"+Inf\"}".formatted(name, labels), lengths.count());
    text.append("%s_sum{%s} %s\n".formatted(name, labels, lengths.total().toMillis() / 1_000.0));
    sample("%s_count{%s}".formatted(name, labels), lengths.count());
  }

  private static String escaped(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  /// What the server has counted.
  Prometheus counts(Meter meter) {
    meter.each((series, count) -> {
      String name = series.substring(0, series.indexOf('{'));
      if (!name.equals(family)) {
        counter(name, Meter.HELP.get(name));
        family = name;
      }
      sample(series, count);
    });
    return this;
  }

  String text() {
    return text.toString();
  }
}
