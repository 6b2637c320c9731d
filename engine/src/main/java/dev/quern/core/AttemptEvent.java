package dev.quern.core;

import java.util.Optional;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// One call of a handler, for JDK Flight Recorder.
@Name("dev.quern.Attempt")
@Label("Quern attempt")
@Category("Quern")
@StackTrace(false)
final class AttemptEvent extends Event {
  @Label("Job")
  long jobId;

  @Label("Kind")
  String kind;

  @Label("Attempt")
  int attempt;

  @Label("Outcome")
  String outcome;

  /// An event that has begun, where a flight recorder runs.
  static Optional<AttemptEvent> begun() {
    if (!FlightRecorder.isInitialized()) {
      return Optional.empty();
    }
    AttemptEvent event = new AttemptEvent();
    event.begin();
    return Optional.of(event);
  }

  void end(Attempting attempting, Verdict verdict) {
    jobId = attempting.jobId();
    kind = attempting.kind();
    attempt = attempting.attempt();
    outcome = verdict.getClass().getSimpleName();
    commit();
  }
}
