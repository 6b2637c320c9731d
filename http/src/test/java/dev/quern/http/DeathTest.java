package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.StoreException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The thread of the JDK's server that accepts connections dies of an error.
final class DeathTest {
  @RegisterExtension final TestServer server = new TestServer();

  @RegisterExtension final DeadlyLog log = new DeadlyLog();

  @Test
  void whoever_has_a_server_is_told_when_nobody_is_answered_any_more() throws Exception {
    log.arm();

    assertEquals(200, server.get("/healthz").status());

    var death = server.server.death().toCompletableFuture();
    assertSame(log.error, death.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }

  @Test
  void a_server_that_is_closed_has_not_died() throws Exception {
    assertEquals(200, server.get("/healthz").status());

    server.server.close();

    assertFalse(server.server.death().toCompletableFuture().isDone());
  }

  @Test
  void a_server_that_cannot_listen_leaves_no_thread_behind() {
    var before = watches();

    assertThrows(
        StoreException.class,
        () -> QuernServer.start(server.quern, ServerConfig.DEFAULT.port(server.port())));

    var added = watches();
    added.removeAll(before);
    assertEquals(Set.of(), added);
  }

  private static Set<Thread> watches() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("quern-http-watch"))
        .collect(Collectors.toSet());
  }
}
