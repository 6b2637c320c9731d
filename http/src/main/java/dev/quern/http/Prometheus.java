package dev.quern.http;

import dev.quern.Counts;
import dev.quern.JobState;

/// Numbers as Prometheus reads them.
final class Prometheus {
  /// Further kinds are counted together.
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
