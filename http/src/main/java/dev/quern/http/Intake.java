package dev.quern.http;

import dev.quern.Enqueued;
import dev.quern.json.JsonWriter;
import java.util.Optional;

/// What became of one of many new jobs.
record Intake(Optional<Enqueued> enqueued, Optional<Problem> problem) {

  static Intake of(Enqueued enqueued) {
    return new Intake(Optional.of(enqueued), Optional.empty());
  }

  static Intake of(Problem problem) {
    return new Intake(Optional.empty(), Optional.of(problem));
  }

  void write(JsonWriter json) {
    json.beginObject();
    members(json);
    json.endObject();
  }

  void members(JsonWriter json) {
    enqueued.ifPresent(job -> JobRoutes.write(json, job));
    problem.ifPresent(refused -> {
      json.name("problem");
      refused.write(json);
    });
  }
}
