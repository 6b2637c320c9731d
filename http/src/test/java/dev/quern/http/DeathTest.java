package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The thread of the JDK's server that accepts connections dies of an error.
final class DeathTest {
  private static final Logger JDK = Logger.getLogger("com.sun.net.httpserver");

  @RegisterExtension final TestServer server = new TestServer();

  private final Error error = new OutOfMemoryError("no room for a line of the log");

  /// That thread logs when an exchange has ended.
  private boolean fail(LogRecord line) {
    if (Thread.currentThread().getName().equals("HTTP-Dispatcher")) {
      throw error;
    }
    return false;
  }

  @AfterEach
  void logAsBefore() {
    JDK.setFilter(null);
    JDK.setLevel(null);
  }

  @Test
  void whoever_has_a_server_is_told_when_nobody_is_answered_any_more() throws Exception {
    JDK.setLevel(Level.FINER);
    JDK.setFilter(this::fail);

    assertEquals(200, server.get("/healthz").status());

    var death = server.server.death().toCompletableFuture();
    assertSame(error, death.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }

  @Test
  void a_server_that_is_closed_has_not_died() throws Exception {
    assertEquals(200, server.get("/healthz").status());

    server.server.close();

    assertFalse(server.server.death().toCompletableFuture().isDone());
  }
}
