package dev.quern.http;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// The log of the JDK's server, of which the thread that accepts connections can be made to die: it
/// writes a line when an exchange has ended.
public final class DeadlyLog implements AfterEachCallback {
  private static final Logger JDK = Logger.getLogger("com.sun.net.httpserver");

  /// What that thread dies of.
  public final Error error = new OutOfMemoryError("no room for a line of the log");

  /// From now on a line of that thread is its last.
  public void arm() {
    JDK.setLevel(Level.FINER);
    JDK.setFilter(this::fail);
  }

  private boolean fail(LogRecord line) {
    if (Thread.currentThread().getName().equals("HTTP-Dispatcher")) {
      throw error;
    }
    return false;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    JDK.setFilter(null);
    JDK.setLevel(null);
  }
}
