package dev.quern.store;

import java.util.Optional;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// One commit of the writer, for JDK Flight Recorder.
@Name("dev.quern.Batch")
@Label("Quern batch")
@Category("Quern")
@StackTrace(false)
final class BatchEvent extends Event {
  @Label("Members")
  int members;

  /// An event that has begun, where a flight recorder runs. Without one not even this class is set
  /// up: that takes longer than many a command.
  static Optional<BatchEvent> begun() {
    if (!FlightRecorder.isInitialized()) {
      return Optional.empty();
    }
    BatchEvent event = new BatchEvent();
    event.begin();
    return Optional.of(event);
  }

  void end(int size) {
    members = size;
    commit();
  }
}
