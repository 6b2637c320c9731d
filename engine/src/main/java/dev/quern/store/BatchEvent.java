package dev.quern.store;

import jdk.jfr.Category;
import jdk.jfr.Event;
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
}
