package dev.quern.core;

import jdk.jfr.Category;
import jdk.jfr.Event;
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
}
